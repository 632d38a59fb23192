package android.transition;

public class Slide extends Visibility {
    public Slide() {}
    public Slide(int edge) {}

    public void setSlideEdge(int edge) {}
}
