package android.widget;

@Deprecated
public class ZoomControls extends LinearLayout {
    public ZoomControls(android.content.Context context) { super(context); }

    public void setOnZoomInClickListener(OnClickListener listener) {}
    public void setOnZoomOutClickListener(OnClickListener listener) {}
    public void setIsZoomInEnabled(boolean on) {}
    public void setIsZoomOutEnabled(boolean on) {}
    public void show() { setVisibility(VISIBLE); }
    public void hide() { setVisibility(GONE); }
}
