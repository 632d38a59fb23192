package android.widget;

import android.content.Context;
import android.view.View;

public class ProgressBar extends View {
    public ProgressBar(Context context) { super(context); }
    public ProgressBar(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public void setProgress(int p) {}
    public void setMax(int m) {}
    public void setIndeterminate(boolean v) {}
}
