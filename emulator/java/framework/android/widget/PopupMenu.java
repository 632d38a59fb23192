package android.widget;

import android.content.Context;
import android.view.Menu;
import android.view.MenuInflater;
import android.view.MenuItem;
import android.view.View;

public class PopupMenu {
    private final Context mContext;
    private final View mAnchor;
    private final standin.Menus mMenu;
    private OnDismissListener mOnDismissListener;

    public interface OnMenuItemClickListener { boolean onMenuItemClick(MenuItem item); }
    public interface OnDismissListener { void onDismiss(PopupMenu menu); }

    public PopupMenu(Context context, View anchor) { this(context, anchor, 0); }
    public PopupMenu(Context context, View anchor, int gravity) {
        mContext = context;
        mAnchor = anchor;
        mMenu = new standin.Menus(context);
    }

    public Menu getMenu() { return mMenu; }
    public MenuInflater getMenuInflater() { return new MenuInflater(mContext); }
    public void inflate(int menuRes) { getMenuInflater().inflate(menuRes, mMenu); }
    public void setOnMenuItemClickListener(OnMenuItemClickListener l) { mMenu.chosen = l == null ? null : l::onMenuItemClick; }
    public void setOnDismissListener(OnDismissListener l) { mOnDismissListener = l; }
    public void show() { mMenu.drop(mAnchor, () -> { if (mOnDismissListener != null) mOnDismissListener.onDismiss(this); }); }
    public void dismiss() { mMenu.close(); }
}
