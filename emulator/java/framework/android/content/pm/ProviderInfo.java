package android.content.pm;

import android.os.Parcelable;

public final class ProviderInfo extends ComponentInfo implements Parcelable {
    public String authority;
    public String readPermission;
    public String writePermission;
    public boolean grantUriPermissions;
    public boolean multiprocess;
    public int initOrder;
    public int flags;

    public ProviderInfo() {}

    public ProviderInfo(ProviderInfo orig) {
        super(orig);
        authority = orig.authority;
        initOrder = orig.initOrder;
    }

    @Override
    public int describeContents() {
        return 0;
    }
}
