package android.transition;

public class Fade extends Visibility {
    public static final int IN = 1;
    public static final int OUT = 2;

    public Fade() {}
    public Fade(int mode) {}
}
