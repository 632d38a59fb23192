package android.media;

/** Plays nothing that anybody hears, and is over at once. */
public class Ringtone {
    Ringtone() {}

    public void play() {}
    public void stop() {}
    public boolean isPlaying() { return false; }
    public String getTitle(android.content.Context context) { return ""; }
    public void setAudioAttributes(AudioAttributes attributes) {}
}
