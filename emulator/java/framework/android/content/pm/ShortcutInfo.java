package android.content.pm;

import android.content.Context;
import android.content.Intent;

public final class ShortcutInfo {
    private final Builder made;

    private ShortcutInfo(Builder builder) { made = builder; }

    public String getId() { return made.id; }
    public String getPackage() { return made.context.getPackageName(); }
    public CharSequence getShortLabel() { return made.label; }
    public CharSequence getLongLabel() { return made.longLabel; }
    public Intent getIntent() { return made.intents == null ? null : made.intents[made.intents.length - 1]; }
    public int getRank() { return made.rank; }
    public boolean isEnabled() { return true; }
    public boolean isDynamic() { return true; }
    public boolean isPinned() { return false; }
    public boolean isDeclaredInManifest() { return false; }

    public static class Builder {
        private final Context context;
        private final String id;
        private CharSequence label;
        private CharSequence longLabel;
        private Intent[] intents;
        private int rank;

        public Builder(Context context, String id) {
            this.context = context;
            this.id = id;
        }

        public Builder setShortLabel(CharSequence v) { label = v; return this; }
        public Builder setLongLabel(CharSequence v) { longLabel = v; return this; }
        public Builder setDisabledMessage(CharSequence v) { return this; }
        public Builder setIcon(android.graphics.drawable.Icon v) { return this; }
        public Builder setIntent(Intent v) { return setIntents(new Intent[] {v}); }
        public Builder setIntents(Intent[] v) { intents = v; return this; }
        public Builder setRank(int v) { rank = v; return this; }
        public Builder setActivity(android.content.ComponentName v) { return this; }
        public Builder setCategories(java.util.Set<String> v) { return this; }
        public Builder setExtras(android.os.PersistableBundle v) { return this; }
        public Builder setLongLived(boolean v) { return this; }
        public ShortcutInfo build() { return new ShortcutInfo(this); }
    }
}
