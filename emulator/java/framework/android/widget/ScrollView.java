package android.widget;

import android.content.Context;
import java.util.Map;

public class ScrollView extends FrameLayout {
    public ScrollView(Context context) { super(context); }
    public ScrollView(Context context, android.util.AttributeSet attrs) { super(context, attrs); }
    public ScrollView(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public ScrollView(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public final void smoothScrollTo(int x, int y) { scrollTo(x, y); }
    public final void smoothScrollBy(int dx, int dy) { scrollBy(dx, dy); }
    public boolean fullScroll(int direction) { return true; }

    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("scrollable", true);
        return n;
    }
}
