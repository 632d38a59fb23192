package standin;

import android.app.AlertDialog;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.graphics.drawable.Drawable;
import android.view.ContextMenu;
import android.view.KeyEvent;
import android.view.LayoutInflater;
import android.view.MenuItem;
import android.view.SubMenu;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ArrayAdapter;
import android.widget.Button;
import android.widget.ImageButton;
import android.widget.LinearLayout;
import android.widget.ListPopupWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every kind of menu: of an activity, a context, a pop-up, or below another's item. */
public final class Menus implements ContextMenu, SubMenu {
    private final Context context;
    private final List<Entry> items = new ArrayList<>();
    private Entry above;
    private CharSequence title;
    private ListPopupWindow popup;
    private AlertDialog dialog;
    /** What the menu of a context is about. */
    public ContextMenuInfo info;
    /** Who is told of an item that has no listener of its own. */
    public Predicate<MenuItem> chosen;

    public Menus(Context context) { this.context = context; }

    private Entry put(int group, int id, int order, CharSequence title) {
        Entry made = new Entry(this, group, id, order, title);
        int at = items.size();
        while (at > 0 && items.get(at - 1).order > order) at--;
        items.add(at, made);
        return made;
    }
    private Menus below(Entry entry) {
        entry.below = new Menus(context);
        entry.below.above = entry;
        entry.below.title = entry.title;
        return entry.below;
    }
    @Override public MenuItem add(CharSequence title) { return put(0, 0, 0, title); }
    @Override public MenuItem add(int titleRes) { return put(0, 0, 0, context.getText(titleRes)); }
    @Override public MenuItem add(int group, int id, int order, CharSequence title) { return put(group, id, order, title); }
    @Override public MenuItem add(int group, int id, int order, int titleRes) { return put(group, id, order, context.getText(titleRes)); }
    @Override public SubMenu addSubMenu(CharSequence title) { return below(put(0, 0, 0, title)); }
    @Override public SubMenu addSubMenu(int titleRes) { return addSubMenu(context.getText(titleRes)); }
    @Override public SubMenu addSubMenu(int group, int id, int order, CharSequence title) { return below(put(group, id, order, title)); }
    @Override public SubMenu addSubMenu(int group, int id, int order, int titleRes) { return below(put(group, id, order, context.getText(titleRes))); }
    @Override public int addIntentOptions(int group, int id, int order, ComponentName caller, Intent[] specifics, Intent intent, int flags, MenuItem[] out) {
        throw new UnsupportedOperationException("Menu.addIntentOptions");
    }
    @Override public void removeItem(int id) { items.removeIf(one -> one.id == id); }
    @Override public void removeGroup(int group) { items.removeIf(one -> one.group == group); }
    @Override public void clear() { items.clear(); }
    @Override public void setGroupCheckable(int group, boolean checkable, boolean exclusive) {
        for (Entry one : items) if (one.group == group) {
            one.checkable = checkable;
            one.exclusive = exclusive;
        }
    }
    @Override public void setGroupVisible(int group, boolean visible) { for (Entry one : items) if (one.group == group) one.visible = visible; }
    @Override public void setGroupEnabled(int group, boolean enabled) { for (Entry one : items) if (one.group == group) one.enabled = enabled; }
    @Override public boolean hasVisibleItems() { return !shown().isEmpty(); }
    @Override public MenuItem findItem(int id) {
        for (Entry one : items) {
            MenuItem found = one.id == id ? one : one.below == null ? null : one.below.findItem(id);
            if (found != null) return found;
        }
        return null;
    }
    @Override public int size() { return items.size(); }
    @Override public MenuItem getItem(int index) { return items.get(index); }
    @Override public void close() {
        if (popup != null) popup.dismiss();
        if (dialog != null) dialog.dismiss();
    }
    @Override public boolean performShortcut(int keyCode, KeyEvent event, int flags) { return false; }
    @Override public boolean isShortcutKey(int keyCode, KeyEvent event) { return false; }
    @Override public boolean performIdentifierAction(int id, int flags) {
        Entry found = (Entry) findItem(id);
        return found != null && found.choose();
    }
    @Override public void setQwertyMode(boolean isQwerty) {}
    @Override public Menus setHeaderTitle(CharSequence title) { this.title = title; return this; }
    @Override public Menus setHeaderTitle(int titleRes) { return setHeaderTitle(context.getText(titleRes)); }
    @Override public Menus setHeaderIcon(int iconRes) { return this; }
    @Override public Menus setHeaderIcon(Drawable icon) { return this; }
    @Override public Menus setHeaderView(View view) { return this; }
    @Override public void clearHeader() { title = null; }
    @Override public SubMenu setIcon(int iconRes) { return this; }
    @Override public SubMenu setIcon(Drawable icon) { return this; }
    @Override public MenuItem getItem() { return above; }

    public List<Entry> shown() {
        List<Entry> all = new ArrayList<>(items);
        all.removeIf(one -> !one.visible);
        return all;
    }

    private static final class Rows extends ArrayAdapter<Entry> {
        Rows(Context context, List<Entry> entries) { super(context, android.R.layout.simple_list_item_1, entries); }
        @Override public boolean isEnabled(int position) { return getItem(position).enabled; }
        @Override public View getView(int position, View convertView, android.view.ViewGroup parent) {
            Entry one = getItem(position);
            int layout = one.checkable ? android.R.layout.simple_list_item_multiple_choice : android.R.layout.simple_list_item_1;
            android.widget.TextView row = (android.widget.TextView) LayoutInflater.from(getContext()).inflate(layout, parent, false);
            row.setText(one.title);
            row.setId(android.R.id.title);
            row.setEnabled(one.enabled);
            if (one.checkable) ((android.widget.Checkable) row).setChecked(one.checked);
            return row;
        }
    }

    /** What the button for a menu says of itself. */
    public static String more() { return java.util.Locale.getDefault().getLanguage().equals("zh") ? "更多选项" : "More options"; }

    /** A row of the items that ask for a place in it, and a button for the others. */
    public View bar() {
        LinearLayout bar = new LinearLayout(context);
        List<Entry> rest = shown();
        for (Entry one : shown()) {
            if (!one.inBar()) continue;
            rest.remove(one);
            View shown = one.view != null ? one.view : one.icon != null ? new ImageButton(context) : new Button(context);
            if (shown instanceof Button) ((Button) shown).setText(one.title);
            else shown.setContentDescription(one.description != null ? one.description : one.title);
            if (one.view == null) shown.setOnClickListener(v -> {
                if (!one.choose() && one.below != null) one.below.with(chosen).drop(v, () -> {});
            });
            shown.setEnabled(one.enabled);
            if (one.id != 0) shown.setId(one.id);
            if (shown.getParent() instanceof ViewGroup) ((ViewGroup) shown.getParent()).removeView(shown);
            bar.addView(shown);
        }
        if (!rest.isEmpty()) {
            ImageButton more = new ImageButton(context);
            more.setContentDescription(more());
            more.setOnClickListener(v -> drop(v, () -> {}));
            bar.addView(more);
        }
        return bar;
    }

    /** In a pop-up at a view. */
    public void drop(View anchor, Runnable gone) {
        if (popup != null && popup.isShowing()) return;
        List<Entry> rows = shown();
        rows.removeIf(Entry::inBar);
        popup = new ListPopupWindow(context);
        popup.setAnchorView(anchor);
        popup.setModal(true);
        popup.setAdapter(new Rows(context, rows));
        popup.setOnItemClickListener((parent, view, position, id) -> {
            popup.dismiss();
            Entry one = rows.get(position);
            if (!one.choose() && one.below != null) one.below.with(chosen).drop(anchor, () -> {});
        });
        popup.setOnDismissListener(gone::run);
        popup.show();
    }

    /** In a dialog; false where there is nothing to show. */
    public boolean showContext() {
        List<Entry> rows = shown();
        if (rows.isEmpty()) return false;
        dialog = new AlertDialog.Builder(context).setTitle(title).setAdapter(new Rows(context, rows), (d, position) -> {
            Entry one = rows.get(position);
            if (!one.choose() && one.below != null) one.below.with(chosen).showContext();
        }).show();
        return true;
    }
    private Menus with(Predicate<MenuItem> listener) {
        if (chosen == null) chosen = listener;
        return this;
    }

    /** One item. */
    public static final class Entry implements MenuItem {
        private final Menus menu;
        private final int group;
        private final int id;
        private final int order;
        private CharSequence title;
        private CharSequence condensed;
        private CharSequence description;
        private Drawable icon;
        private Intent intent;
        private View view;
        private Menus below;
        private OnMenuItemClickListener listener;
        private boolean visible = true;
        private boolean enabled = true;
        private boolean checkable;
        private boolean checked;
        private boolean exclusive;
        private int where;

        Entry(Menus menu, int group, int id, int order, CharSequence title) {
            this.menu = menu;
            this.group = group;
            this.id = id;
            this.order = order;
            this.title = title;
        }

        /** What a tap does; true if somebody took it. */
        public boolean choose() {
            if (!enabled) return false;
            if (listener != null && listener.onMenuItemClick(this)) return true;
            if (menu.chosen != null && menu.chosen.test(this)) return true;
            if (intent != null) menu.context.startActivity(intent);
            return intent != null;
        }
        public boolean inBar() { return (where & (SHOW_AS_ACTION_ALWAYS | SHOW_AS_ACTION_IF_ROOM)) != 0; }
        @Override public int getItemId() { return id; }
        @Override public int getGroupId() { return group; }
        @Override public int getOrder() { return order; }
        @Override public MenuItem setTitle(CharSequence title) { this.title = title; return this; }
        @Override public MenuItem setTitle(int titleRes) { return setTitle(menu.context.getText(titleRes)); }
        @Override public CharSequence getTitle() { return title; }
        @Override public MenuItem setTitleCondensed(CharSequence title) { condensed = title; return this; }
        @Override public CharSequence getTitleCondensed() { return condensed != null ? condensed : title; }
        @Override public MenuItem setIcon(Drawable icon) { this.icon = icon; return this; }
        @Override public MenuItem setIcon(int iconRes) { return setIcon(iconRes == 0 ? null : new android.graphics.drawable.ColorDrawable()); }
        @Override public Drawable getIcon() { return icon; }
        @Override public MenuItem setIntent(Intent intent) { this.intent = intent; return this; }
        @Override public Intent getIntent() { return intent; }
        @Override public MenuItem setShortcut(char numeric, char alphabetic) { return this; }
        @Override public MenuItem setNumericShortcut(char numeric) { return this; }
        @Override public MenuItem setAlphabeticShortcut(char alphabetic) { return this; }
        @Override public char getNumericShortcut() { return 0; }
        @Override public char getAlphabeticShortcut() { return 0; }
        @Override public MenuItem setCheckable(boolean checkable) { this.checkable = checkable; return this; }
        @Override public boolean isCheckable() { return checkable; }
        @Override public MenuItem setChecked(boolean checked) {
            if (exclusive && checked) for (Entry one : menu.items) if (one.group == group) one.checked = false;
            this.checked = checked;
            return this;
        }
        @Override public boolean isChecked() { return checked; }
        @Override public MenuItem setVisible(boolean visible) { this.visible = visible; return this; }
        @Override public boolean isVisible() { return visible; }
        @Override public MenuItem setEnabled(boolean enabled) { this.enabled = enabled; return this; }
        @Override public boolean isEnabled() { return enabled; }
        @Override public boolean hasSubMenu() { return below != null; }
        @Override public SubMenu getSubMenu() { return below; }
        @Override public MenuItem setOnMenuItemClickListener(OnMenuItemClickListener l) { listener = l; return this; }
        @Override public ContextMenu.ContextMenuInfo getMenuInfo() { return menu.info; }
        @Override public void setShowAsAction(int where) { this.where = where; }
        @Override public MenuItem setShowAsActionFlags(int where) { setShowAsAction(where); return this; }
        @Override public MenuItem setActionView(View view) { this.view = view; return this; }
        @Override public MenuItem setActionView(int resId) { return setActionView(LayoutInflater.from(menu.context).inflate(resId, null)); }
        @Override public View getActionView() { return view; }
        @Override public boolean expandActionView() { return false; }
        @Override public boolean collapseActionView() { return false; }
        @Override public boolean isActionViewExpanded() { return false; }
        @Override public MenuItem setOnActionExpandListener(OnActionExpandListener l) { return this; }
        @Override public MenuItem setContentDescription(CharSequence text) { description = text; return this; }
        @Override public CharSequence getContentDescription() { return description; }
    }
}
