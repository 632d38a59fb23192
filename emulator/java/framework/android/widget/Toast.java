package android.widget;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.view.View;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import standin.Device;

/** Text toasts are drawn by the system, as from level 30: there is no window of the app for them. */
public class Toast {
    public static final int LENGTH_SHORT = 0;
    public static final int LENGTH_LONG = 1;
    private static final AtomicInteger NUMBERS = new AtomicInteger(1_000_000);
    private final Context mContext;
    private CharSequence mText = "";
    private View mNextView;
    private int mDuration;
    private int mNumber;

    public Toast(Context context) { mContext = context; }
    public static Toast makeText(Context context, CharSequence text, int duration) {
        Toast t = new Toast(context);
        t.mText = text;
        t.mDuration = duration;
        return t;
    }
    public static Toast makeText(Context context, int resId, int duration) {
        return makeText(context, context.getResources().getText(resId), duration);
    }
    public void setText(CharSequence s) { mText = s; }
    public void setDuration(int duration) { mDuration = duration; }
    public void setView(View view) { mNextView = view; }
    public View getView() { return mNextView; }
    public void setGravity(int gravity, int x, int y) {}
    public void show() {
        TextView text = new TextView(mContext);
        text.setText(mText);
        text.setId(android.R.id.message);
        mNumber = NUMBERS.getAndIncrement();
        Device.call("ui.window", Map.of("window", mNumber, "kind", "toast", "title", "Toast", "token", "",
                "root", (mNextView == null ? text : mNextView).standinNode()));
        new Handler(Looper.getMainLooper()).postDelayed(this::cancel, mDuration == LENGTH_LONG ? 3500 : 2000);
    }
    public void cancel() {
        if (mNumber != 0) Device.call("ui.remove", Map.of("window", mNumber));
        mNumber = 0;
    }
}
