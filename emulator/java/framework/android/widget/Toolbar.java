package android.widget;

import android.content.Context;
import android.view.Menu;
import android.view.MenuItem;
import android.view.View;
import android.view.ViewGroup;

/** Title and subtitle; its menu is shown by {@link #showOverflowMenu}. */
public class Toolbar extends ViewGroup {
    private final TextView mTitle;
    private final TextView mSubtitle;
    private final ImageButton mNavigation;
    private final ImageButton mMore;
    private final standin.Menus mMenu;

    public interface OnMenuItemClickListener { boolean onMenuItemClick(MenuItem item); }

    public Toolbar(Context context) {
        super(context);
        mMenu = new standin.Menus(context);
        addView(mNavigation = new ImageButton(context));
        addView(mTitle = new TextView(context));
        addView(mSubtitle = new TextView(context));
        addView(mMore = new ImageButton(context));
        for (View one : new View[] {mNavigation, mSubtitle, mMore}) one.setVisibility(GONE);
        mMore.setContentDescription(standin.Menus.more());
        mMore.setOnClickListener(v -> showOverflowMenu());
    }
    public Toolbar(Context context, android.util.AttributeSet attrs) { this(context); }
    public Toolbar(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public Toolbar(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    public void setTitle(CharSequence title) { mTitle.setText(title); }
    public void setTitle(int resId) { setTitle(getContext().getText(resId)); }
    public CharSequence getTitle() { return mTitle.getText(); }
    public void setSubtitle(CharSequence subtitle) {
        mSubtitle.setText(subtitle);
        mSubtitle.setVisibility(subtitle == null ? GONE : VISIBLE);
    }
    public CharSequence getSubtitle() { return mSubtitle.getText(); }
    public void setTitleTextColor(int color) { mTitle.setTextColor(color); }
    public void setNavigationIcon(int resId) { mNavigation.setVisibility(resId == 0 ? GONE : VISIBLE); }
    public void setNavigationIcon(android.graphics.drawable.Drawable icon) { mNavigation.setVisibility(icon == null ? GONE : VISIBLE); }
    public void setNavigationContentDescription(CharSequence description) { mNavigation.setContentDescription(description); }
    public void setNavigationOnClickListener(OnClickListener l) { mNavigation.setOnClickListener(l); }
    public Menu getMenu() {
        mMore.setVisibility(VISIBLE);
        return mMenu;
    }
    public void inflateMenu(int resId) { new android.view.MenuInflater(getContext()).inflate(resId, mMenu); }
    public void setOnMenuItemClickListener(OnMenuItemClickListener l) { mMenu.chosen = l == null ? null : l::onMenuItemClick; }
    public boolean showOverflowMenu() {
        mMenu.drop(this, () -> {});
        return true;
    }
}
