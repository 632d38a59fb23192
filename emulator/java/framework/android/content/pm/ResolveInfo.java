package android.content.pm;

import android.content.IntentFilter;
import android.os.Parcel;
import android.os.Parcelable;

public class ResolveInfo implements Parcelable {
    public ActivityInfo activityInfo;
    public ServiceInfo serviceInfo;
    public ProviderInfo providerInfo;
    public IntentFilter filter;
    public int priority;
    public int preferredOrder;
    public int match;
    public boolean isDefault;
    public CharSequence nonLocalizedLabel;
    public String resolvePackageName;

    public ResolveInfo() {}

    public CharSequence loadLabel(PackageManager pm) {
        if (nonLocalizedLabel != null) return nonLocalizedLabel;
        if (activityInfo != null) return activityInfo.loadLabel(pm);
        if (serviceInfo != null) return serviceInfo.loadLabel(pm);
        return providerInfo != null ? providerInfo.loadLabel(pm) : null;
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(resolvePackageName);
    }
}
