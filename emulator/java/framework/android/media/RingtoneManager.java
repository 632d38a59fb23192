package android.media;

import android.content.Context;
import android.net.Uri;

public class RingtoneManager {
    public static final int TYPE_RINGTONE = 1;
    public static final int TYPE_NOTIFICATION = 2;
    public static final int TYPE_ALARM = 4;
    public static final int TYPE_ALL = 7;
    public static final String ACTION_RINGTONE_PICKER = "android.intent.action.RINGTONE_PICKER";
    public static final String EXTRA_RINGTONE_TYPE = "android.intent.extra.ringtone.TYPE";
    public static final String EXTRA_RINGTONE_PICKED_URI = "android.intent.extra.ringtone.PICKED_URI";

    public static Uri getDefaultUri(int type) {
        String name = (type & TYPE_RINGTONE) != 0 ? "ringtone" : (type & TYPE_NOTIFICATION) != 0 ? "notification_sound" : (type & TYPE_ALARM) != 0 ? "alarm_alert" : null;
        return name == null ? null : Uri.parse("content://settings/system/" + name);
    }
    public static Uri getActualDefaultRingtoneUri(Context context, int type) { return getDefaultUri(type); }
    public static Ringtone getRingtone(Context context, Uri ringtoneUri) { return new Ringtone(); }
}
