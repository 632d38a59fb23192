package android.content.pm;

import android.os.Parcel;
import android.os.Parcelable;

public class FeatureInfo implements Parcelable {
    public static final int FLAG_REQUIRED = 1;
    public String name;
    public int version;
    public int reqGlEsVersion;
    public int flags;

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int parcelableFlags) {
        dest.writeString(name);
    }
}
