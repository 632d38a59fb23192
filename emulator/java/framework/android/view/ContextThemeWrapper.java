package android.view;

import android.content.Context;
import android.content.ContextWrapper;

public class ContextThemeWrapper extends ContextWrapper {
    public ContextThemeWrapper() {
        super(null);
    }

    public ContextThemeWrapper(Context base, int themeResId) {
        super(base);
    }

    public void setTheme(int resid) {}

    @Override
    protected void attachBaseContext(Context newBase) {
        super.attachBaseContext(newBase);
    }

    @Override
    public Object getSystemService(String name) {
        return LAYOUT_INFLATER_SERVICE.equals(name) ? new LayoutInflater(this) {} : super.getSystemService(name);
    }
}
