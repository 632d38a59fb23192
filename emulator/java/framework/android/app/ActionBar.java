package android.app;

import android.content.Context;
import android.graphics.drawable.Drawable;
import android.view.View;
import android.view.ViewGroup;

/** Keeps what is set; the device shows the app's options above its content, and no bar. */
public class ActionBar {
    public static final int DISPLAY_USE_LOGO = 1;
    public static final int DISPLAY_SHOW_HOME = 2;
    public static final int DISPLAY_HOME_AS_UP = 4;
    public static final int DISPLAY_SHOW_TITLE = 8;
    public static final int DISPLAY_SHOW_CUSTOM = 16;
    public static final int NAVIGATION_MODE_STANDARD = 0;
    public static final int NAVIGATION_MODE_LIST = 1;
    public static final int NAVIGATION_MODE_TABS = 2;
    private final Context context;
    private CharSequence title;
    private CharSequence subtitle;
    private View custom;
    private boolean showing = true;
    private int options = DISPLAY_SHOW_HOME | DISPLAY_SHOW_TITLE;

    public static class LayoutParams extends ViewGroup.MarginLayoutParams {
        public int gravity;

        public LayoutParams(int width, int height) { super(width, height); }
        public LayoutParams(int width, int height, int gravity) {
            super(width, height);
            this.gravity = gravity;
        }
    }

    public interface OnMenuVisibilityListener {
        void onMenuVisibilityChanged(boolean isVisible);
    }

    /** Of the stand-in: an activity has one. */
    ActionBar(Context context) { this.context = context; }

    private void display(int bit, boolean on) { options = on ? options | bit : options & ~bit; }
    public void setTitle(CharSequence v) { title = v; }
    public void setTitle(int resId) { title = context.getText(resId); }
    public CharSequence getTitle() { return title; }
    public void setSubtitle(CharSequence v) { subtitle = v; }
    public void setSubtitle(int resId) { subtitle = context.getText(resId); }
    public CharSequence getSubtitle() { return subtitle; }
    public void setCustomView(View v) { custom = v; }
    public void setCustomView(View v, LayoutParams params) { custom = v; }
    public View getCustomView() { return custom; }
    public void setDisplayOptions(int v) { options = v; }
    public void setDisplayOptions(int v, int mask) { options = v & mask | options & ~mask; }
    public int getDisplayOptions() { return options; }
    public void setDisplayHomeAsUpEnabled(boolean v) { display(DISPLAY_HOME_AS_UP, v); }
    public void setDisplayShowHomeEnabled(boolean v) { display(DISPLAY_SHOW_HOME, v); }
    public void setDisplayShowTitleEnabled(boolean v) { display(DISPLAY_SHOW_TITLE, v); }
    public void setDisplayShowCustomEnabled(boolean v) { display(DISPLAY_SHOW_CUSTOM, v); }
    public void setDisplayUseLogoEnabled(boolean v) { display(DISPLAY_USE_LOGO, v); }
    public void setHomeButtonEnabled(boolean v) {}
    public void setHomeAsUpIndicator(int resId) {}
    public void setHomeAsUpIndicator(Drawable v) {}
    public void setHomeActionContentDescription(CharSequence v) {}
    public void setBackgroundDrawable(Drawable v) {}
    public void setSplitBackgroundDrawable(Drawable v) {}
    public void setStackedBackgroundDrawable(Drawable v) {}
    public void setIcon(int resId) {}
    public void setIcon(Drawable v) {}
    public void setLogo(int resId) {}
    public void setLogo(Drawable v) {}
    public void setElevation(float v) {}
    public float getElevation() { return 0f; }
    public void setHideOnContentScrollEnabled(boolean v) {}
    public int getHeight() { return 154; }
    public int getNavigationMode() { return NAVIGATION_MODE_STANDARD; }
    public void setNavigationMode(int mode) {}
    public void addOnMenuVisibilityListener(OnMenuVisibilityListener listener) {}
    public void removeOnMenuVisibilityListener(OnMenuVisibilityListener listener) {}
    public Context getThemedContext() { return context; }
    public void show() { showing = true; }
    public void hide() { showing = false; }
    public boolean isShowing() { return showing; }
}
