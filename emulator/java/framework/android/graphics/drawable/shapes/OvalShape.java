package android.graphics.drawable.shapes;

public class OvalShape extends RectShape {
}
