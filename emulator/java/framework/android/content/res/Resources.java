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
    public CharSequence getText(int id, CharSequence def) {
        try {
            return getText(id);
        } catch (NotFoundException e) {
            return def;
        }
    }
    public int getColor(int id) { return id == android.R.color.white ? 0xffffffff : id == android.R.color.transparent ? 0 : 0xff000000; }
    public int getColor(int id, Theme theme) { return getColor(id); }
    public ColorStateList getColorStateList(int id) { return ColorStateList.valueOf(getColor(id)); }
    public ColorStateList getColorStateList(int id, Theme theme) { return getColorStateList(id); }
    public android.graphics.drawable.Drawable getDrawable(int id, Theme theme) { return getDrawable(id); }
    /** Of the app's {@code res/raw}, by the name of its {@code R} class. */
    public java.io.InputStream openRawResource(int id) {
        String name = getResourceEntryName(id);
        try {
            return mAssets.standinRaw(name);
        } catch (java.io.IOException e) {
            throw new NotFoundException("File res/raw/" + name + " from resource ID #0x" + Integer.toHexString(id));
        }
    }
    private NotFoundException none(String kind, int id) { return new NotFoundException(kind + " resource ID #0x" + Integer.toHexString(id)); }
    public String[] getStringArray(int id) { throw none("String array", id); }
    public float getDimension(int id) { throw none("Dimension", id); }
    public int getDimensionPixelSize(int id) { throw none("Dimension", id); }
    public int getDimensionPixelOffset(int id) { throw none("Dimension", id); }
    public int getInteger(int id) { throw none("Integer", id); }
    public boolean getBoolean(int id) { throw none("Boolean", id); }
    public int[] getIntArray(int id) { throw none("Int array", id); }
    public CharSequence[] getTextArray(int id) { throw none("Text array", id); }
    public TypedArray obtainTypedArray(int id) { throw none("Array", id); }
    public TypedArray obtainAttributes(android.util.AttributeSet set, int[] attrs) { return new TypedArray(this, attrs.length); }
    public float getFraction(int id, int base, int pbase) { throw none("Fraction", id); }
    public float getFloat(int id) { throw none("Float", id); }
    public XmlResourceParser getXml(int id) { throw none("XML", id); }
    public XmlResourceParser getLayout(int id) { throw none("Layout", id); }
    public XmlResourceParser getAnimation(int id) { throw none("Animation", id); }
    public android.graphics.Typeface getFont(int id) { throw none("Font", id); }
    public void getValue(int id, android.util.TypedValue outValue, boolean resolveRefs) { throw none("Value", id); }
    public void getValue(String name, android.util.TypedValue outValue, boolean resolveRefs) { throw new NotFoundException("String resource name " + name); }
    public CharSequence getQuantityText(int id, int quantity) { throw none("Plural", id); }
    public String getQuantityString(int id, int quantity) { return getQuantityText(id, quantity).toString(); }
    public String getQuantityString(int id, int quantity, Object... args) { return String.format(getQuantityString(id, quantity), args); }
    public AssetFileDescriptor openRawResourceFd(int id) { throw none("File", id); }
    public android.graphics.drawable.Drawable getDrawableForDensity(int id, int density) { return getDrawable(id); }
    public android.graphics.drawable.Drawable getDrawableForDensity(int id, int density, Theme theme) { return getDrawable(id); }
    /** For the whole app, as the old call does. */
    @Deprecated
    public void updateConfiguration(Configuration config, DisplayMetrics metrics) { if (config != null) java.util.Locale.setDefault(config.locale); }
    public final void finishPreloading() {}
    public final void flushLayoutCache() {}
    public Theme newTheme() { return new Theme(); }

    public final class Theme {
        public void applyStyle(int resId, boolean force) {}
        /** No theme has attributes here. */
        public boolean resolveAttribute(int resid, android.util.TypedValue outValue, boolean resolveRefs) { return false; }
        public Resources getResources() { return Resources.this; }
        public TypedArray obtainStyledAttributes(int[] attrs) { return new TypedArray(Resources.this, attrs.length); }
        public TypedArray obtainStyledAttributes(int style, int[] attrs) { return obtainStyledAttributes(attrs); }
        public TypedArray obtainStyledAttributes(android.util.AttributeSet set, int[] attrs, int defStyleAttr, int defStyleRes) { return obtainStyledAttributes(attrs); }
        public void setTo(Theme other) {}
        public void rebase() {}
        public android.graphics.drawable.Drawable getDrawable(int id) { return Resources.this.getDrawable(id); }
        public int getChangingConfigurations() { return 0; }
    }
    public android.graphics.drawable.Drawable getDrawable(int id) { return new android.graphics.drawable.ColorDrawable(); }
    public Configuration getConfiguration() { return new Configuration(); }
    public DisplayMetrics getDisplayMetrics() {
        DisplayMetrics m = new DisplayMetrics();
        new android.view.Display().getMetrics(m);
        return m;
    }
}
