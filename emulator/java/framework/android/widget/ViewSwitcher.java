package android.widget;

import android.content.Context;
import android.view.View;

public class ViewSwitcher extends ViewAnimator {
    public interface ViewFactory { View makeView(); }

    public ViewSwitcher(Context context) { super(context); }
    public void setFactory(ViewFactory factory) {
        addView(factory.makeView());
        addView(factory.makeView());
    }
    public View getNextView() { return getChildAt(getDisplayedChild() == 0 ? 1 : 0); }
}
