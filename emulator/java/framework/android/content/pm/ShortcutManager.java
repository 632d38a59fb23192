package android.content.pm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps an app's shortcuts as long as it runs; there is no launcher to pin one. */
public class ShortcutManager {
    public static final int FLAG_MATCH_MANIFEST = 1;
    public static final int FLAG_MATCH_DYNAMIC = 2;
    public static final int FLAG_MATCH_PINNED = 4;
    private final Map<String, ShortcutInfo> shortcuts = new LinkedHashMap<>();

    public boolean setDynamicShortcuts(List<ShortcutInfo> list) {
        shortcuts.clear();
        return addDynamicShortcuts(list);
    }

    public boolean addDynamicShortcuts(List<ShortcutInfo> list) {
        for (ShortcutInfo one : list) pushDynamicShortcut(one);
        return true;
    }

    public void pushDynamicShortcut(ShortcutInfo shortcut) { shortcuts.put(shortcut.getId(), shortcut); }
    public List<ShortcutInfo> getDynamicShortcuts() { return new ArrayList<>(shortcuts.values()); }
    public List<ShortcutInfo> getShortcuts(int flags) { return (flags & FLAG_MATCH_DYNAMIC) == 0 ? new ArrayList<>() : getDynamicShortcuts(); }
    public List<ShortcutInfo> getPinnedShortcuts() { return new ArrayList<>(); }
    public List<ShortcutInfo> getManifestShortcuts() { return new ArrayList<>(); }
    public boolean updateShortcuts(List<ShortcutInfo> list) { return addDynamicShortcuts(list); }
    public void removeDynamicShortcuts(List<String> ids) { shortcuts.keySet().removeAll(ids); }
    public void removeLongLivedShortcuts(List<String> ids) { removeDynamicShortcuts(ids); }
    public void removeAllDynamicShortcuts() { shortcuts.clear(); }
    public void disableShortcuts(List<String> ids) { removeDynamicShortcuts(ids); }
    public void enableShortcuts(List<String> ids) {}
    public void reportShortcutUsed(String id) {}
    public int getMaxShortcutCountPerActivity() { return 15; }
    public int getIconMaxWidth() { return 192; }
    public int getIconMaxHeight() { return 192; }
    public boolean isRateLimitingActive() { return false; }
    public boolean isRequestPinShortcutSupported() { return false; }
    public boolean requestPinShortcut(ShortcutInfo shortcut, android.content.IntentSender result) { return false; }
}
