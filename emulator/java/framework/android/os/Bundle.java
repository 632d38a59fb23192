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
    public void putCharArray(String key, char[] v) { mMap.put(key, v); }
    public char[] getCharArray(String key) { return typed(key, char[].class, null); }
    public void putShortArray(String key, short[] v) { mMap.put(key, v); }
    public short[] getShortArray(String key) { return typed(key, short[].class, null); }
    public void putFloatArray(String key, float[] v) { mMap.put(key, v); }
    public float[] getFloatArray(String key) { return typed(key, float[].class, null); }
    public void putCharSequenceArray(String key, CharSequence[] v) { mMap.put(key, v); }
    public CharSequence[] getCharSequenceArray(String key) { return typed(key, CharSequence[].class, null); }
    public byte getByte(String key) { return typed(key, Byte.class, (byte) 0); }
    public Byte getByte(String key, byte d) { return typed(key, Byte.class, d); }
    public short getShort(String key) { return typed(key, Short.class, (short) 0); }
    public short getShort(String key, short d) { return typed(key, Short.class, d); }
    public char getChar(String key) { return typed(key, Character.class, (char) 0); }
    public char getChar(String key, char d) { return typed(key, Character.class, d); }
    public void putCharSequenceArrayList(String key, ArrayList<CharSequence> v) { mMap.put(key, v); }
    @SuppressWarnings("unchecked")
    public ArrayList<CharSequence> getCharSequenceArrayList(String key) { return (ArrayList<CharSequence>) typed(key, ArrayList.class, null); }
    public <T extends Serializable> T getSerializable(String key, Class<T> c) { return typed(key, c, null); }
    @SuppressWarnings("unchecked")
    public <T> ArrayList<T> getParcelableArrayList(String key, Class<? extends T> c) { return (ArrayList<T>) typed(key, ArrayList.class, null); }
    public Bundle deepCopy() { return new Bundle(this); }
    public boolean hasFileDescriptors() { return false; }

    /** The stand-in's own: values by key, for code outside this package. */
    @Override public Object clone() { return new Bundle(this); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeBundle(this); }
}
