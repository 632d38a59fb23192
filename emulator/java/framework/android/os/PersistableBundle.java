package android.os;

public final class PersistableBundle extends BaseBundle implements Cloneable, Parcelable {
    public PersistableBundle() {}

    public PersistableBundle(PersistableBundle other) {
        mMap.putAll(other.mMap);
    }

    @Override public Object clone() { return new PersistableBundle(this); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
