package android.widget;

import android.content.Context;
import android.view.View;

public final class Space extends View {
    public Space(Context context) { super(context); setVisibility(INVISIBLE); }
    public Space(Context context, android.util.AttributeSet attrs) { this(context); }
}
