package android.graphics.drawable;

public class AnimationDrawable extends ColorDrawable implements Animatable {
    private final java.util.List<Drawable> frames = new java.util.ArrayList<>();
    private final java.util.List<Integer> times = new java.util.ArrayList<>();
    private boolean running;
    private boolean once;

    public void addFrame(Drawable frame, int duration) {
        frames.add(frame);
        times.add(duration);
    }
    public int getNumberOfFrames() { return frames.size(); }
    public Drawable getFrame(int index) { return frames.get(index); }
    public int getDuration(int index) { return times.get(index); }
    public boolean isOneShot() { return once; }
    public void setOneShot(boolean v) { once = v; }
    @Override public void start() { running = true; }
    @Override public void stop() { running = false; }
    @Override public boolean isRunning() { return running; }
}
