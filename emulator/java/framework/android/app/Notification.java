package android.app;

import android.content.Context;
import android.os.Bundle;
import android.os.Parcel;
import android.os.Parcelable;

public class Notification implements Parcelable {
    public Bundle extras = new Bundle();
    public PendingIntent contentIntent;
    public int icon;

    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel out, int flags) { out.writeValue(this); }

    public static class Builder {
        private final Notification mN = new Notification();

        public Builder(Context context) {}
        public Builder(Context context, String channelId) {}
        public Builder setContentTitle(CharSequence t) { mN.extras.putCharSequence("android.title", t); return this; }
        public Builder setContentText(CharSequence t) { mN.extras.putCharSequence("android.text", t); return this; }
        public Builder setSmallIcon(int icon) { mN.icon = icon; return this; }
        public Builder setContentIntent(PendingIntent i) { mN.contentIntent = i; return this; }
        public Builder setAutoCancel(boolean v) { return this; }
        public Builder setOngoing(boolean v) { return this; }
        public Builder setPriority(int p) { return this; }
        public Notification build() { return mN; }
    }
}
