package aosp;

import android.app.PendingIntent;
import android.util.Log;

/** ISms: nothing is sent; the log says what would be. */
final class Messages {
    public void sendTextForSubscriber(int id, String caller, String tag, String to, String centre, String text,
            PendingIntent sent, PendingIntent delivered, boolean keep, long message) {
        Log.i(Answers.TAG, "sms of " + text.length() + " characters");
    }

    public int getPreferredSmsSubscription() {
        return 1;
    }

    public boolean isSmsSimPickActivityNeeded(int id) {
        return false;
    }
}
