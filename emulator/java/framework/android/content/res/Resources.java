package android.content.res;

import android.content.Context;
import android.util.DisplayMetrics;
import java.util.Map;

/**
 * Names and strings of resource numbers. There is no resource table: numbers and names come from the app's own
 * {@code R} class, strings from {@code res/values/strings.xml}.
 */
public class Resources {
    public static class NotFoundException extends RuntimeException {
        public NotFoundException() {}

        public NotFoundException(String name) {
            super(name);
        }
    }

    private static final Resources SYSTEM = new Resources(null, null, null);
    private final String mPackage;
    private final ClassLoader mLoader;
    private final AssetManager mAssets;
    private Map<Integer, String> mNames;
    private Map<String, String> mStrings = Map.of();

    public Resources(String pkg, ClassLoader loader, AssetManager assets) {
        mPackage = pkg;
        mLoader = loader;
        mAssets = assets;
    }

    public void standinStrings(Map<String, String> strings) { mStrings = strings; }
    public static Resources getSystem() { return SYSTEM; }
    public final AssetManager getAssets() { return mAssets; }

    private synchronized Map<Integer, String> names() {
        if (mNames == null) mNames = standin.Names.of(mPackage, mLoader);
        return mNames;
    }

    public String getResourceName(int resid) {
        String name = names().get(resid);
        if (name == null) throw new NotFoundException("Unable to find resource ID #0x" + Integer.toHexString(resid));
        return name;
    }
    public String getResourceEntryName(int resid) { String n = getResourceName(resid); return n.substring(n.indexOf('/') + 1); }
    public String getResourceTypeName(int resid) { String n = getResourceName(resid); return n.substring(n.indexOf(':') + 1, n.indexOf('/')); }
    public String getResourcePackageName(int resid) { String n = getResourceName(resid); return n.substring(0, n.indexOf(':')); }
    public int getIdentifier(String name, String defType, String defPackage) {
        String full = name.contains(":") ? name : defPackage + ":" + (name.contains("/") ? name : defType + "/" + name);
        for (Map.Entry<Integer, String> e : names().entrySet()) if (e.getValue().equals(full)) return e.getKey();
        return 0;
    }
    public CharSequence getText(int id) {
        if (id == android.R.string.ok) return "确定";
        if (id == android.R.string.cancel) return "取消";
        String name = names().get(id);
        String value = name == null ? null : mStrings.get(name.substring(name.indexOf('/') + 1));
        if (value == null) throw new NotFoundException("String resource ID #0x" + Integer.toHexString(id));
        return value;
    }
    public String getString(int id) { return getText(id).toString(); }
    public String getString(int id, Object... args) { return String.format(getString(id), args); }
    public int getColor(int id) { return 0xff000000; }
    public android.graphics.drawable.Drawable getDrawable(int id) { return new android.graphics.drawable.ColorDrawable(); }
    public Configuration getConfiguration() { return new Configuration(); }
    public DisplayMetrics getDisplayMetrics() {
        DisplayMetrics m = new DisplayMetrics();
        new android.view.Display().getMetrics(m);
        return m;
    }
}
