package android.content;

import android.net.Uri;
import android.os.Bundle;
import android.os.Parcel;
import android.os.Parcelable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

public class Intent implements Parcelable, Cloneable {
    public static final String ACTION_MAIN = "android.intent.action.MAIN";
    public static final String ACTION_VIEW = "android.intent.action.VIEW";
    public static final String ACTION_SEND = "android.intent.action.SEND";
    public static final String ACTION_SENDTO = "android.intent.action.SENDTO";
    public static final String ACTION_DIAL = "android.intent.action.DIAL";
    public static final String ACTION_CALL = "android.intent.action.CALL";
    public static final String ACTION_PICK = "android.intent.action.PICK";
    public static final String ACTION_GET_CONTENT = "android.intent.action.GET_CONTENT";
    public static final String ACTION_OPEN_DOCUMENT = "android.intent.action.OPEN_DOCUMENT";
    public static final String ACTION_CHOOSER = "android.intent.action.CHOOSER";
    public static final String ACTION_BOOT_COMPLETED = "android.intent.action.BOOT_COMPLETED";
    public static final String ACTION_LOCKED_BOOT_COMPLETED = "android.intent.action.LOCKED_BOOT_COMPLETED";
    public static final String ACTION_USER_PRESENT = "android.intent.action.USER_PRESENT";
    public static final String ACTION_SCREEN_ON = "android.intent.action.SCREEN_ON";
    public static final String ACTION_SCREEN_OFF = "android.intent.action.SCREEN_OFF";
    public static final String ACTION_BATTERY_CHANGED = "android.intent.action.BATTERY_CHANGED";
    public static final String ACTION_POWER_CONNECTED = "android.intent.action.ACTION_POWER_CONNECTED";
    public static final String ACTION_POWER_DISCONNECTED = "android.intent.action.ACTION_POWER_DISCONNECTED";
    public static final String ACTION_PACKAGE_ADDED = "android.intent.action.PACKAGE_ADDED";
    public static final String ACTION_PACKAGE_REMOVED = "android.intent.action.PACKAGE_REMOVED";
    public static final String ACTION_PACKAGE_REPLACED = "android.intent.action.PACKAGE_REPLACED";
    public static final String ACTION_MY_PACKAGE_REPLACED = "android.intent.action.MY_PACKAGE_REPLACED";
    public static final String ACTION_TIME_TICK = "android.intent.action.TIME_TICK";
    public static final String ACTION_AIRPLANE_MODE_CHANGED = "android.intent.action.AIRPLANE_MODE";
    public static final String CATEGORY_DEFAULT = "android.intent.category.DEFAULT";
    public static final String CATEGORY_LAUNCHER = "android.intent.category.LAUNCHER";
    public static final String CATEGORY_HOME = "android.intent.category.HOME";
    public static final String CATEGORY_BROWSABLE = "android.intent.category.BROWSABLE";
    public static final String CATEGORY_OPENABLE = "android.intent.category.OPENABLE";
    public static final String EXTRA_TEXT = "android.intent.extra.TEXT";
    public static final String EXTRA_SUBJECT = "android.intent.extra.SUBJECT";
    public static final String EXTRA_STREAM = "android.intent.extra.STREAM";
    public static final String EXTRA_INTENT = "android.intent.extra.INTENT";
    public static final String EXTRA_TITLE = "android.intent.extra.TITLE";
    public static final int FLAG_ACTIVITY_NEW_TASK = 0x10000000;
    public static final int FLAG_ACTIVITY_CLEAR_TASK = 0x00008000;
    public static final int FLAG_ACTIVITY_CLEAR_TOP = 0x04000000;
    public static final int FLAG_ACTIVITY_SINGLE_TOP = 0x20000000;
    public static final int FLAG_ACTIVITY_NO_HISTORY = 0x40000000;
    public static final int FLAG_ACTIVITY_REORDER_TO_FRONT = 0x00020000;
    public static final int FLAG_ACTIVITY_NO_ANIMATION = 0x00010000;
    public static final int FLAG_ACTIVITY_MULTIPLE_TASK = 0x08000000;
    public static final int FLAG_ACTIVITY_EXCLUDE_FROM_RECENTS = 0x00800000;
    public static final int FLAG_GRANT_READ_URI_PERMISSION = 1;
    public static final int FLAG_GRANT_WRITE_URI_PERMISSION = 2;
    public static final int FLAG_INCLUDE_STOPPED_PACKAGES = 0x20;
    public static final int FLAG_RECEIVER_FOREGROUND = 0x10000000;

    public static final Parcelable.Creator<Intent> CREATOR = new Parcelable.Creator<Intent>() {
        @Override public Intent createFromParcel(Parcel in) { return (Intent) in.readValue(null); }
        @Override public Intent[] newArray(int size) { return new Intent[size]; }
    };

    private String mAction;
    private Uri mData;
    private String mType;
    private String mPackage;
    private ComponentName mComponent;
    private int mFlags;
    private Set<String> mCategories;
    private Bundle mExtras;
    private Intent mSelector;
    private ClipData mClipData;

    public Intent() {}

    public Intent(Intent o) {
        mAction = o.mAction;
        mData = o.mData;
        mType = o.mType;
        mPackage = o.mPackage;
        mComponent = o.mComponent;
        mFlags = o.mFlags;
        mClipData = o.mClipData;
        if (o.mCategories != null) mCategories = new LinkedHashSet<>(o.mCategories);
        if (o.mExtras != null) mExtras = new Bundle(o.mExtras);
    }

    public Intent(String action) { mAction = action; }
    public Intent(String action, Uri uri) { mAction = action; mData = uri; }
    public Intent(Context packageContext, Class<?> cls) { mComponent = new ComponentName(packageContext, cls); }
    public Intent(String action, Uri uri, Context packageContext, Class<?> cls) { this(action, uri); mComponent = new ComponentName(packageContext, cls); }

    public static Intent createChooser(Intent target, CharSequence title) {
        Intent intent = new Intent(ACTION_CHOOSER);
        intent.putExtra(EXTRA_INTENT, target);
        if (title != null) intent.putExtra(EXTRA_TITLE, title);
        return intent;
    }

    public static Intent makeMainActivity(ComponentName mainActivity) {
        return new Intent(ACTION_MAIN).setComponent(mainActivity).addCategory(CATEGORY_LAUNCHER);
    }

    public String getAction() { return mAction; }
    public Uri getData() { return mData; }
    public String getDataString() { return mData == null ? null : mData.toString(); }
    public String getScheme() { return mData == null ? null : mData.getScheme(); }
    public String getType() { return mType; }
    public String getPackage() { return mPackage; }
    public ComponentName getComponent() { return mComponent; }
    public int getFlags() { return mFlags; }
    public Set<String> getCategories() { return mCategories; }
    public boolean hasCategory(String c) { return mCategories != null && mCategories.contains(c); }
    public ClipData getClipData() { return mClipData; }
    public void setClipData(ClipData clip) { mClipData = clip; }
    public Intent setAction(String v) { mAction = v; return this; }
    public Intent setData(Uri v) { mData = v; mType = null; return this; }
    public Intent setDataAndType(Uri v, String type) { mData = v; mType = type; return this; }
    public Intent setType(String v) { mType = v; mData = null; return this; }
    public Intent setPackage(String v) { mPackage = v; return this; }
    public Intent setComponent(ComponentName v) { mComponent = v; return this; }
    public Intent setClass(Context c, Class<?> cls) { mComponent = new ComponentName(c, cls); return this; }
    public Intent setClassName(Context c, String cls) { mComponent = new ComponentName(c, cls); return this; }
    public Intent setClassName(String pkg, String cls) { mComponent = new ComponentName(pkg, cls); return this; }
    public Intent setFlags(int v) { mFlags = v; return this; }
    public Intent addFlags(int v) { mFlags |= v; return this; }
    public void removeFlags(int v) { mFlags &= ~v; }
    public Intent setSelector(Intent v) { mSelector = v; return this; }
    public void removeCategory(String c) { if (mCategories != null) mCategories.remove(c); }
    public Intent addCategory(String c) {
        if (mCategories == null) mCategories = new LinkedHashSet<>();
        mCategories.add(c);
        return this;
    }

    private Bundle extras() {
        if (mExtras == null) mExtras = new Bundle();
        return mExtras;
    }

    public Bundle getExtras() { return mExtras == null ? null : new Bundle(mExtras); }
    public boolean hasExtra(String n) { return mExtras != null && mExtras.containsKey(n); }
    public void removeExtra(String n) { if (mExtras != null) mExtras.remove(n); }
    public Intent putExtras(Bundle b) { extras().putAll(b); return this; }
    public Intent putExtras(Intent src) { if (src.mExtras != null) extras().putAll(src.mExtras); return this; }
    public Intent replaceExtras(Bundle b) { mExtras = b == null ? null : new Bundle(b); return this; }
    public Intent putExtra(String n, boolean v) { extras().putBoolean(n, v); return this; }
    public Intent putExtra(String n, int v) { extras().putInt(n, v); return this; }
    public Intent putExtra(String n, long v) { extras().putLong(n, v); return this; }
    public Intent putExtra(String n, float v) { extras().putFloat(n, v); return this; }
    public Intent putExtra(String n, double v) { extras().putDouble(n, v); return this; }
    public Intent putExtra(String n, String v) { extras().putString(n, v); return this; }
    public Intent putExtra(String n, CharSequence v) { extras().putCharSequence(n, v); return this; }
    public Intent putExtra(String n, Parcelable v) { extras().putParcelable(n, v); return this; }
    public Intent putExtra(String n, Parcelable[] v) { extras().putParcelableArray(n, v); return this; }
    public Intent putExtra(String n, Serializable v) { extras().putSerializable(n, v); return this; }
    public Intent putExtra(String n, byte[] v) { extras().putByteArray(n, v); return this; }
    public Intent putExtra(String n, String[] v) { extras().putStringArray(n, v); return this; }
    public Intent putExtra(String n, int[] v) { extras().putIntArray(n, v); return this; }
    public Intent putExtra(String n, Bundle v) { extras().putBundle(n, v); return this; }
    public Intent putStringArrayListExtra(String n, ArrayList<String> v) { extras().putStringArrayList(n, v); return this; }
    public <T extends Parcelable> Intent putParcelableArrayListExtra(String n, ArrayList<T> v) { extras().putParcelableArrayList(n, v); return this; }
    public boolean getBooleanExtra(String n, boolean d) { return mExtras == null ? d : mExtras.getBoolean(n, d); }
    public int getIntExtra(String n, int d) { return mExtras == null ? d : mExtras.getInt(n, d); }
    public long getLongExtra(String n, long d) { return mExtras == null ? d : mExtras.getLong(n, d); }
    public float getFloatExtra(String n, float d) { return mExtras == null ? d : mExtras.getFloat(n, d); }
    public double getDoubleExtra(String n, double d) { return mExtras == null ? d : mExtras.getDouble(n, d); }
    public String getStringExtra(String n) { return mExtras == null ? null : mExtras.getString(n); }
    public CharSequence getCharSequenceExtra(String n) { return mExtras == null ? null : mExtras.getCharSequence(n); }
    public <T extends Parcelable> T getParcelableExtra(String n) { return mExtras == null ? null : mExtras.getParcelable(n); }
    public <T> T getParcelableExtra(String n, Class<T> c) { return mExtras == null ? null : mExtras.getParcelable(n, c); }
    public Parcelable[] getParcelableArrayExtra(String n) { return mExtras == null ? null : mExtras.getParcelableArray(n); }
    public <T extends Parcelable> ArrayList<T> getParcelableArrayListExtra(String n) { return mExtras == null ? null : mExtras.getParcelableArrayList(n); }
    public Serializable getSerializableExtra(String n) { return mExtras == null ? null : mExtras.getSerializable(n); }
    public byte[] getByteArrayExtra(String n) { return mExtras == null ? null : mExtras.getByteArray(n); }
    public String[] getStringArrayExtra(String n) { return mExtras == null ? null : mExtras.getStringArray(n); }
    public boolean[] getBooleanArrayExtra(String n) { return mExtras == null ? null : mExtras.getBooleanArray(n); }
    public long[] getLongArrayExtra(String n) { return mExtras == null ? null : mExtras.getLongArray(n); }
    public float[] getFloatArrayExtra(String n) { return mExtras == null ? null : mExtras.getFloatArray(n); }
    public double[] getDoubleArrayExtra(String n) { return mExtras == null ? null : mExtras.getDoubleArray(n); }
    public char[] getCharArrayExtra(String n) { return mExtras == null ? null : mExtras.getCharArray(n); }
    public short[] getShortArrayExtra(String n) { return mExtras == null ? null : mExtras.getShortArray(n); }
    public CharSequence[] getCharSequenceArrayExtra(String n) { return mExtras == null ? null : mExtras.getCharSequenceArray(n); }
    public byte getByteExtra(String n, byte d) { return mExtras == null ? d : mExtras.getByte(n, d); }
    public short getShortExtra(String n, short d) { return mExtras == null ? d : mExtras.getShort(n, d); }
    public char getCharExtra(String n, char d) { return mExtras == null ? d : mExtras.getChar(n, d); }
    public java.util.ArrayList<Integer> getIntegerArrayListExtra(String n) { return mExtras == null ? null : mExtras.getIntegerArrayList(n); }
    public Intent putIntegerArrayListExtra(String n, java.util.ArrayList<Integer> v) { extras().putIntegerArrayList(n, v); return this; }
    public <T extends java.io.Serializable> T getSerializableExtra(String n, Class<T> c) { return mExtras == null ? null : mExtras.getSerializable(n, c); }
    public int[] getIntArrayExtra(String n) { return mExtras == null ? null : mExtras.getIntArray(n); }
    public ArrayList<String> getStringArrayListExtra(String n) { return mExtras == null ? null : mExtras.getStringArrayList(n); }
    public Bundle getBundleExtra(String n) { return mExtras == null ? null : mExtras.getBundle(n); }

    public ComponentName resolveActivity(android.content.pm.PackageManager pm) {
        if (mComponent != null) return mComponent;
        android.content.pm.ResolveInfo info = pm.resolveActivity(this, 0);
        return info == null || info.activityInfo == null ? null : new ComponentName(info.activityInfo.packageName, info.activityInfo.name);
    }

    public boolean filterEquals(Intent o) {
        return o != null && java.util.Objects.equals(mAction, o.mAction) && java.util.Objects.equals(mData, o.mData)
                && java.util.Objects.equals(mPackage, o.mPackage) && java.util.Objects.equals(mComponent, o.mComponent);
    }

    @Override public Object clone() { return new Intent(this); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel out, int flags) { out.writeValue(this); }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder("Intent {");
        if (mAction != null) b.append(" act=").append(mAction);
        if (mCategories != null) b.append(" cat=").append(mCategories);
        if (mData != null) b.append(" dat=").append(mData);
        if (mType != null) b.append(" typ=").append(mType);
        if (mFlags != 0) b.append(" flg=0x").append(Integer.toHexString(mFlags));
        if (mPackage != null) b.append(" pkg=").append(mPackage);
        if (mComponent != null) b.append(" cmp=").append(mComponent.flattenToShortString());
        if (mExtras != null) b.append(" (has extras)");
        return b.append(" }").toString();
    }
    public static Intent createChooser(Intent target, CharSequence title, android.content.IntentSender sender) { return createChooser(target, title); }
    public static Intent makeMainSelectorActivity(String action, String category) { return new Intent(ACTION_MAIN).addCategory(CATEGORY_LAUNCHER).setSelector(new Intent(action).addCategory(category)); }
    public static Intent makeRestartActivityTask(ComponentName main) { return makeMainActivity(main).addFlags(FLAG_ACTIVITY_NEW_TASK | 0x8000); }
    public static String normalizeMimeType(String type) { return type == null ? null : type.trim().toLowerCase(java.util.Locale.ROOT).split(";", 2)[0].trim(); }
    public Intent setTypeAndNormalize(String type) { return setType(normalizeMimeType(type)); }
    public Intent setDataAndNormalize(Uri data) { return setData(data.normalizeScheme()); }
    public Intent setDataAndTypeAndNormalize(Uri data, String type) { return setDataAndType(data.normalizeScheme(), normalizeMimeType(type)); }
    public Intent getSelector() { return mSelector; }
    public String getIdentifier() { return mIdentifier; }
    public Intent setIdentifier(String identifier) { mIdentifier = identifier; return this; }
    private String mIdentifier;
    public android.graphics.Rect getSourceBounds() { return mBounds; }
    public void setSourceBounds(android.graphics.Rect bounds) { mBounds = bounds; }
    private android.graphics.Rect mBounds;
    public void setExtrasClassLoader(ClassLoader loader) {}
    public boolean hasFileDescriptors() { return false; }
    public String resolveType(Context context) { return resolveType(context.getContentResolver()); }
    public String resolveType(ContentResolver resolver) { return mType != null || mData == null || !"content".equals(mData.getScheme()) ? mType : resolver.getType(mData); }
    public String resolveTypeIfNeeded(ContentResolver resolver) { return mComponent != null ? mType : resolveType(resolver); }
    public android.content.pm.ActivityInfo resolveActivityInfo(android.content.pm.PackageManager pm, int flags) {
        android.content.pm.ResolveInfo info = pm.resolveActivity(this, flags);
        return info == null ? null : info.activityInfo;
    }
    public int filterHashCode() { return java.util.Objects.hash(mAction, mData, mPackage, mComponent); }
    public Intent cloneFilter() {
        Intent copy = new Intent(this);
        copy.mExtras = null;
        return copy;
    }
    public <T> T[] getParcelableArrayExtra(String n, Class<T> c) {
        Parcelable[] found = getParcelableArrayExtra(n);
        if (found == null) return null;
        @SuppressWarnings("unchecked") T[] copy = (T[]) java.lang.reflect.Array.newInstance(c, found.length);
        System.arraycopy(found, 0, copy, 0, found.length);
        return copy;
    }
    @SuppressWarnings("unchecked")
    public <T> ArrayList<T> getParcelableArrayListExtra(String n, Class<? extends T> c) { return mExtras == null ? null : (ArrayList<T>) (ArrayList<?>) mExtras.getParcelableArrayList(n); }
    public int fillIn(Intent other, int flags) {
        if (mAction == null) mAction = other.mAction;
        if (mData == null && mType == null) {
            mData = other.mData;
            mType = other.mType;
        }
        if (mPackage == null) mPackage = other.mPackage;
        if (other.mExtras != null) {
            Bundle all = new Bundle(other.mExtras);
            all.putAll(extras());
            mExtras = all;
        }
        return 0;
    }
    @Deprecated
    public String toURI() { return toUri(0); }
    /** Without extras of types other than String, int, long and boolean, as on a phone. */
    public String toUri(int flags) {
        StringBuilder out = new StringBuilder();
        if (mData != null) out.append((flags & URI_INTENT_SCHEME) == 0 ? mData.toString() : "intent:" + mData.getSchemeSpecificPart());
        else if ((flags & URI_INTENT_SCHEME) != 0) out.append("intent:");
        out.append("#Intent;");
        if (mData != null && (flags & URI_INTENT_SCHEME) != 0) out.append("scheme=").append(mData.getScheme()).append(';');
        if (mAction != null) out.append("action=").append(Uri.encode(mAction)).append(';');
        if (mCategories != null) for (String one : mCategories) out.append("category=").append(Uri.encode(one)).append(';');
        if (mType != null) out.append("type=").append(Uri.encode(mType, "/")).append(';');
        if (mFlags != 0) out.append("launchFlags=0x").append(Integer.toHexString(mFlags)).append(';');
        if (mPackage != null) out.append("package=").append(Uri.encode(mPackage)).append(';');
        if (mComponent != null) out.append("component=").append(Uri.encode(mComponent.flattenToShortString(), "/")).append(';');
        if (mExtras != null) for (String key : mExtras.keySet()) {
            Object v = mExtras.get(key);
            String kind = v instanceof String ? "S" : v instanceof Integer ? "i" : v instanceof Long ? "l" : v instanceof Boolean ? "B" : null;
            if (kind != null) out.append(kind).append('.').append(Uri.encode(key)).append('=').append(Uri.encode(v.toString())).append(';');
        }
        return out.append("end").toString();
    }
    @Deprecated
    public static Intent getIntent(String uri) throws java.net.URISyntaxException { return parseUri(uri, 0); }
    public static Intent parseUri(String uri, int flags) throws java.net.URISyntaxException {
        int at = uri.lastIndexOf("#Intent;");
        boolean own = uri.startsWith("intent:");
        if (at < 0) return new Intent(ACTION_VIEW, Uri.parse(uri));
        Intent made = new Intent(ACTION_VIEW);
        String scheme = null;
        for (String part : uri.substring(at + 8).split(";")) {
            String[] pair = part.split("=", 2);
            if (pair.length < 2) continue;
            String value = Uri.decode(pair[1]);
            if (pair[0].equals("action")) made.mAction = value;
            else if (pair[0].equals("category")) made.addCategory(value);
            else if (pair[0].equals("type")) made.mType = value;
            else if (pair[0].equals("launchFlags")) made.mFlags = Integer.decode(value);
            else if (pair[0].equals("package")) made.mPackage = value;
            else if (pair[0].equals("component")) made.mComponent = ComponentName.unflattenFromString(value);
            else if (pair[0].equals("scheme")) scheme = value;
            else if (pair[0].startsWith("S.")) made.putExtra(Uri.decode(pair[0].substring(2)), value);
            else if (pair[0].startsWith("i.")) made.putExtra(Uri.decode(pair[0].substring(2)), Integer.parseInt(value));
            else if (pair[0].startsWith("l.")) made.putExtra(Uri.decode(pair[0].substring(2)), Long.parseLong(value));
            else if (pair[0].startsWith("B.")) made.putExtra(Uri.decode(pair[0].substring(2)), Boolean.parseBoolean(value));
        }
        String data = own ? uri.substring(7, at) : uri.substring(0, at);
        if (own && scheme != null) data = scheme + ":" + data;
        if (!data.isEmpty()) made.mData = Uri.parse(data);
        return made;
    }
}
