package android.content.pm;

import android.os.Parcelable;

public class ServiceInfo extends ComponentInfo implements Parcelable {
    public static final int FOREGROUND_SERVICE_TYPE_NONE = 0;
    public static final int FOREGROUND_SERVICE_TYPE_LOCATION = 8;
    public static final int FOREGROUND_SERVICE_TYPE_CAMERA = 64;
    public static final int FOREGROUND_SERVICE_TYPE_MICROPHONE = 128;
    public String permission;
    public int flags;

    public ServiceInfo() {}

    public ServiceInfo(ServiceInfo orig) {
        super(orig);
    }

    @Override
    public int describeContents() {
        return 0;
    }
}
