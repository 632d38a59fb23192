package android.widget;

import android.content.Context;
import android.util.AttributeSet;

public class GridView extends AbsListView {
    public static final int AUTO_FIT = -1;
    public static final int NO_STRETCH = 0;
    public static final int STRETCH_COLUMN_WIDTH = 2;

    public GridView(Context context) { super(context); }
    public GridView(Context context, AttributeSet attrs) { super(context, attrs); }
    public GridView(Context context, AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public GridView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
}
