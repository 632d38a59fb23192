package android.widget;

@Deprecated
public class AbsoluteLayout extends android.view.ViewGroup {
    public static class LayoutParams extends android.view.ViewGroup.LayoutParams {
        public int x;
        public int y;

        public LayoutParams(int width, int height, int x, int y) {
            super(width, height);
            this.x = x;
            this.y = y;
        }
    }

    public AbsoluteLayout(android.content.Context context) { super(context); }

    @Override protected void onLayout(boolean changed, int l, int t, int r, int b) {}
}
