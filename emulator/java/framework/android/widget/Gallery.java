package android.widget;

@Deprecated
public class Gallery extends AbsSpinner {
    public Gallery(android.content.Context context) { super(context); }
    public Gallery(android.content.Context context, android.util.AttributeSet attrs) { super(context, attrs); }

    public void setSpacing(int spacing) {}
    public void setUnselectedAlpha(float alpha) {}
    public void setAnimationDuration(int ms) {}
    public void setGravity(int gravity) {}
}
