package android.content.pm;

import android.os.Parcelable;

public class PermissionInfo extends PackageItemInfo implements Parcelable {
    public static final int PROTECTION_NORMAL = 0;
    public static final int PROTECTION_DANGEROUS = 1;
    public static final int PROTECTION_SIGNATURE = 2;
    @Deprecated public int protectionLevel;
    public String group;
    public int flags;

    public PermissionInfo() {}

    public int getProtection() {
        return protectionLevel & 15;
    }

    @Override
    public int describeContents() {
        return 0;
    }
}
