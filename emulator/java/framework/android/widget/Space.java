package android.widget;

import android.content.Context;
import android.view.View;

public final class Space extends View {
    public Space(Context context) { super(context); setVisibility(INVISIBLE); }
    public Space(Context context, android.util.AttributeSet attrs) { this(context); }
    public Space(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Space(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
