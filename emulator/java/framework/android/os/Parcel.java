package android.os;

import java.util.ArrayList;
import java.util.List;

/** A list of values with a position: enough to hand objects over as if by binder, without a byte format. */
public final class Parcel {
    private final List<Object> values = new ArrayList<>();
    private int at;

    private Parcel() {}

    public static Parcel obtain() {
        return new Parcel();
    }

    private static final byte[] MARK = {'P', 'a', 'r', 'c'};

    /** The values' own bytes, as far as they can be written: of no use to anyone but {@link #unmarshall}. */
    public byte[] marshall() {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.write(MARK, 0, MARK.length);
        try (java.io.ObjectOutputStream objects = new java.io.ObjectOutputStream(out)) {
            objects.writeInt(values.size());
            for (Object one : values) {
                if (one instanceof IBinder) throw new RuntimeException("Tried to marshall a Parcel that contained Binder objects.");
                objects.writeObject(one);
            }
        } catch (java.io.IOException unwritable) {
            throw new RuntimeException("Tried to marshall a Parcel that contained objects without bytes: " + unwritable.getMessage());
        }
        return out.toByteArray();
    }

    public void unmarshall(byte[] data, int offset, int length) {
        values.clear();
        at = 0;
        if (length < MARK.length || !java.util.Arrays.equals(MARK, 0, MARK.length, data, offset, offset + MARK.length)) return;
        try (java.io.ObjectInputStream objects = new java.io.ObjectInputStream(new java.io.ByteArrayInputStream(data, offset + MARK.length, length - MARK.length))) {
            for (int left = objects.readInt(); left > 0; left--) put(objects.readObject());
        } catch (java.io.IOException | ClassNotFoundException unreadable) {
            values.clear();
            at = 0;
        }
    }

    public void recycle() {
        values.clear();
        at = 0;
    }

    private void put(Object value) {
        while (values.size() > at) values.remove(values.size() - 1);
        values.add(value);
        at++;
    }

    @SuppressWarnings("unchecked")
    private <T> T take() {
        return at < values.size() ? (T) values.get(at++) : null;
    }

    public void writeInt(int v) { put(v); }
    public void writeLong(long v) { put(v); }
    public void writeFloat(float v) { put(v); }
    public void writeDouble(double v) { put(v); }
    public void writeBoolean(boolean v) { put(v); }
    public void writeByte(byte v) { put(v); }
    public void writeString(String v) { put(v); }
    public void writeString8(String v) { put(v); }
    public void writeStringArray(String[] v) { put(v); }
    public void writeStringList(List<String> v) { put(v); }
    public void writeByteArray(byte[] v) { put(v); }
    public void writeBundle(Bundle v) { put(v); }
    public void writeParcelable(Parcelable v, int flags) { put(v); }
    public void writeTypedObject(Object v, int flags) { put(v); }
    public void writeTypedList(List<?> v) { put(v); }
    public void writeList(List<?> v) { put(v); }
    public void writeMap(java.util.Map<?, ?> v) { put(v); }
    public void writeBooleanArray(boolean[] v) { put(v); }
    public void writeIntArray(int[] v) { put(v); }
    public void writeSerializable(java.io.Serializable v) { put(v); }
    public void writeStrongBinder(IBinder v) { put(v); }
    public void writeValue(Object v) { put(v); }
    public void writeNoException() {}
    public void readException() {}
    public void writeInterfaceToken(String name) { put(name); }

    public void enforceInterface(String name) {
        if (!name.equals(readString())) throw new SecurityException("Binder invocation to an incorrect interface");
    }

    public int readInt() { Integer v = take(); return v == null ? 0 : v; }
    public long readLong() { Long v = take(); return v == null ? 0 : v; }
    public float readFloat() { Float v = take(); return v == null ? 0 : v; }
    public double readDouble() { Double v = take(); return v == null ? 0 : v; }
    public boolean readBoolean() { Boolean v = take(); return v != null && v; }
    public byte readByte() { Byte v = take(); return v == null ? 0 : v; }
    public String readString() { return take(); }
    public String readString8() { return take(); }
    public String[] createStringArray() { return take(); }
    public ArrayList<String> createStringArrayList() { List<String> v = take(); return v == null ? null : new ArrayList<>(v); }
    public byte[] createByteArray() { return take(); }
    public Bundle readBundle() { return take(); }
    public Bundle readBundle(ClassLoader loader) { return take(); }
    public <T extends Parcelable> T readParcelable(ClassLoader loader) { return take(); }
    public <T> T readParcelable(ClassLoader loader, Class<T> clazz) { return take(); }
    public <T> T readTypedObject(Parcelable.Creator<T> c) { return take(); }
    public <T> ArrayList<T> createTypedArrayList(Parcelable.Creator<T> c) { List<T> v = take(); return v == null ? null : new ArrayList<>(v); }
    @SuppressWarnings("unchecked")
    public <T> void readTypedList(List<T> into, Parcelable.Creator<T> c) { fill((List<Object>) into); }
    @SuppressWarnings("unchecked")
    public void readList(List into, ClassLoader loader) { fill((List<Object>) into); }
    public java.util.HashMap readHashMap(ClassLoader loader) { java.util.Map<?, ?> v = take(); return v == null ? null : new java.util.HashMap<>(v); }
    public int[] createIntArray() { return take(); }
    public boolean[] createBooleanArray() { return take(); }

    public void readBooleanArray(boolean[] into) {
        boolean[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }

    public void writeLongArray(long[] v) { put(v); }
    public long[] createLongArray() { return take(); }
    public void writeFloatArray(float[] v) { put(v); }
    public float[] createFloatArray() { return take(); }
    public void writeDoubleArray(double[] v) { put(v); }
    public double[] createDoubleArray() { return take(); }
    public void writeCharArray(char[] v) { put(v); }
    public char[] createCharArray() { return take(); }
    public void readIntArray(int[] into) {
        int[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }
    public void readLongArray(long[] into) {
        long[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }
    public void readByteArray(byte[] into) {
        byte[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }
    public void readStringArray(String[] into) {
        String[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }
    public void readFloatArray(float[] into) {
        float[] v = take();
        if (v == null || v.length != into.length) throw new RuntimeException("bad array lengths");
        System.arraycopy(v, 0, into, 0, v.length);
    }
    public void writeByteArray(byte[] v, int offset, int len) { put(java.util.Arrays.copyOfRange(v, offset, offset + len)); }
    public void writeCharSequence(CharSequence v) { put(v); }
    public CharSequence readCharSequence() { return take(); }
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void readStringList(List<String> into) { fill((List) into); }
    public void writeTypedArray(Parcelable[] v, int flags) { put(v); }
    public <T> T[] createTypedArray(Parcelable.Creator<T> c) {
        Object[] v = take();
        if (v == null) return null;
        T[] out = c.newArray(v.length);
        System.arraycopy(v, 0, out, 0, v.length);
        return out;
    }
    public void writeParcelableArray(Parcelable[] v, int flags) { put(v); }
    public Parcelable[] readParcelableArray(ClassLoader loader) { return take(); }
    public java.util.ArrayList readArrayList(ClassLoader loader) { List<?> v = take(); return v == null ? null : new ArrayList<>(v); }
    @SuppressWarnings("unchecked")
    public void readMap(java.util.Map into, ClassLoader loader) { java.util.Map<?, ?> v = take(); if (v != null) into.putAll(v); }
    public <T extends java.io.Serializable> T readSerializable(ClassLoader loader, Class<T> clazz) { return take(); }
    public boolean hasFileDescriptors() { return false; }
    public int dataCapacity() { return values.size(); }
    private void fill(List<Object> into) {
        List<?> v = take();
        into.clear();
        if (v != null) into.addAll(v);
    }

    public java.io.Serializable readSerializable() { return take(); }
    public IBinder readStrongBinder() { return take(); }
    public Object readValue(ClassLoader loader) { return take(); }
    public int dataSize() { return values.size(); }
    public int dataPosition() { return at; }
    public void setDataPosition(int pos) { at = pos; }
    public int dataAvail() { return values.size() - at; }
}
