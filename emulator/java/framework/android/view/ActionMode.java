package android.view;

/** An action mode has its items and its callbacks, but no bar to show them in. */
public abstract class ActionMode {
    public static final int TYPE_PRIMARY = 0;
    public static final int TYPE_FLOATING = 1;
    private Object tag;

    public interface Callback {
        boolean onCreateActionMode(ActionMode mode, Menu menu);

        boolean onPrepareActionMode(ActionMode mode, Menu menu);

        boolean onActionItemClicked(ActionMode mode, MenuItem item);

        void onDestroyActionMode(ActionMode mode);
    }

    public abstract static class Callback2 implements Callback {
        public void onGetContentRect(ActionMode mode, View view, android.graphics.Rect out) {}
    }

    public void setTag(Object value) { tag = value; }
    public Object getTag() { return tag; }
    public int getType() { return TYPE_PRIMARY; }
    public boolean isTitleOptional() { return false; }

    public abstract void setTitle(CharSequence title);

    public abstract void setSubtitle(CharSequence subtitle);

    public abstract void setCustomView(View view);

    public abstract void invalidate();

    public abstract void finish();

    public abstract Menu getMenu();

    public abstract CharSequence getTitle();

    public abstract CharSequence getSubtitle();

    public abstract View getCustomView();

    public abstract MenuInflater getMenuInflater();

    /** Of the stand-in: what {@code startActionMode} gives; null where the app wants none. */
    public static ActionMode standinStart(android.content.Context context, Callback callback) {
        Menu menu = new standin.Menus(context);
        ActionMode mode = new ActionMode() {
            private CharSequence title;
            private CharSequence subtitle;
            private View custom;
            private boolean over;

            @Override public void setTitle(CharSequence value) { title = value; }
            @Override public void setSubtitle(CharSequence value) { subtitle = value; }
            @Override public void setCustomView(View view) { custom = view; }
            @Override public void invalidate() { callback.onPrepareActionMode(this, menu); }
            @Override public void finish() {
                if (!over) callback.onDestroyActionMode(this);
                over = true;
            }
            @Override public Menu getMenu() { return menu; }
            @Override public CharSequence getTitle() { return title; }
            @Override public CharSequence getSubtitle() { return subtitle; }
            @Override public View getCustomView() { return custom; }
            @Override public MenuInflater getMenuInflater() { return new MenuInflater(context); }
        };
        if (!callback.onCreateActionMode(mode, menu)) return null;
        mode.invalidate();
        return mode;
    }
}
