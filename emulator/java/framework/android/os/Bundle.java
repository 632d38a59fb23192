package android.os;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Map;

public final class Bundle extends BaseBundle implements Cloneable, Parcelable {
    public static final Bundle EMPTY = new Bundle();
    public static final Parcelable.Creator<Bundle> CREATOR = new Parcelable.Creator<Bundle>() {
        @Override public Bundle createFromParcel(Parcel source) { return source.readBundle(); }
        @Override public Bundle[] newArray(int size) { return new Bundle[size]; }
    };

    public Bundle() {}

    public Bundle(int capacity) {}

    public Bundle(ClassLoader loader) {}

    public Bundle(Bundle other) {
        if (other != null) mMap.putAll(other.mMap);
    }

    public void setClassLoader(ClassLoader loader) {}
    public void putAll(Bundle other) { mMap.putAll(other.mMap); }
    public void putByte(String key, byte v) { mMap.put(key, v); }
    public void putShort(String key, short v) { mMap.put(key, v); }
    public void putChar(String key, char v) { mMap.put(key, v); }
    public void putFloat(String key, float v) { mMap.put(key, v); }
    public void putCharSequence(String key, CharSequence v) { mMap.put(key, v); }
    public void putParcelable(String key, Parcelable v) { mMap.put(key, v); }
    public void putParcelableArray(String key, Parcelable[] v) { mMap.put(key, v); }
    public void putParcelableArrayList(String key, ArrayList<? extends Parcelable> v) { mMap.put(key, v); }
    public void putStringArrayList(String key, ArrayList<String> v) { mMap.put(key, v); }
    public void putIntegerArrayList(String key, ArrayList<Integer> v) { mMap.put(key, v); }
    public void putSerializable(String key, Serializable v) { mMap.put(key, v); }
    public void putByteArray(String key, byte[] v) { mMap.put(key, v); }
    public void putBundle(String key, Bundle v) { mMap.put(key, v); }
    public void putBinder(String key, IBinder v) { mMap.put(key, v); }
    public float getFloat(String key) { return getFloat(key, 0); }
    public float getFloat(String key, float d) { Number n = typed(key, Number.class, d); return n.floatValue(); }
    public CharSequence getCharSequence(String key) { return typed(key, CharSequence.class, null); }
    public CharSequence getCharSequence(String key, CharSequence d) { return typed(key, CharSequence.class, d); }
    @SuppressWarnings("unchecked")
    public <T extends Parcelable> T getParcelable(String key) { return (T) mMap.get(key); }
    public <T> T getParcelable(String key, Class<T> c) { return typed(key, c, null); }
    public Parcelable[] getParcelableArray(String key) { return typed(key, Parcelable[].class, null); }
    @SuppressWarnings("unchecked")
    public <T extends Parcelable> ArrayList<T> getParcelableArrayList(String key) { return (ArrayList<T>) mMap.get(key); }
    @SuppressWarnings("unchecked")
    public ArrayList<String> getStringArrayList(String key) { return (ArrayList<String>) typed(key, ArrayList.class, null); }
    @SuppressWarnings("unchecked")
    public ArrayList<Integer> getIntegerArrayList(String key) { return (ArrayList<Integer>) typed(key, ArrayList.class, null); }
    public Serializable getSerializable(String key) { return typed(key, Serializable.class, null); }
    public byte[] getByteArray(String key) { return typed(key, byte[].class, null); }
    public Bundle getBundle(String key) { return typed(key, Bundle.class, null); }
    public IBinder getBinder(String key) { return typed(key, IBinder.class, null); }
    public boolean hasFileDescriptors() { return false; }

    /** The stand-in's own: values by key, for code outside this package. */
    @Override public Object clone() { return new Bundle(this); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeBundle(this); }
}
