package android.content;

import android.os.Parcel;
import android.os.Parcelable;

public final class AttributionSource implements Parcelable {
    private final int mUid;
    private final String mPackageName;
    private final String mAttributionTag;

    public AttributionSource(int uid, String packageName, String attributionTag) {
        mUid = uid;
        mPackageName = packageName;
        mAttributionTag = attributionTag;
    }

    public int getUid() { return mUid; }
    public String getPackageName() { return mPackageName; }
    public String getAttributionTag() { return mAttributionTag; }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeValue(this); }
}
