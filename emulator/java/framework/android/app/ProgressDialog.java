package android.app;

import android.content.Context;
import android.content.DialogInterface;
import android.widget.LinearLayout;
import android.widget.ProgressBar;
import android.widget.TextView;

public class ProgressDialog extends AlertDialog {
    public static final int STYLE_SPINNER = 0;
    public static final int STYLE_HORIZONTAL = 1;
    private final ProgressBar mProgress;
    private final TextView mText;

    public ProgressDialog(Context context) { this(context, 0); }
    public ProgressDialog(Context context, int theme) {
        super(context, theme);
        LinearLayout row = new LinearLayout(context);
        row.addView(mProgress = new ProgressBar(context));
        row.addView(mText = new TextView(context));
        mText.setId(android.R.id.message);
        setView(row);
        setIndeterminate(true);
    }

    public static ProgressDialog show(Context context, CharSequence title, CharSequence message) { return show(context, title, message, false); }
    public static ProgressDialog show(Context context, CharSequence title, CharSequence message, boolean indeterminate) { return show(context, title, message, indeterminate, false, null); }
    public static ProgressDialog show(Context context, CharSequence title, CharSequence message, boolean indeterminate, boolean cancelable) { return show(context, title, message, indeterminate, cancelable, null); }
    public static ProgressDialog show(Context context, CharSequence title, CharSequence message, boolean indeterminate, boolean cancelable, DialogInterface.OnCancelListener l) {
        ProgressDialog made = new ProgressDialog(context);
        made.setTitle(title);
        made.setMessage(message);
        made.setIndeterminate(indeterminate);
        made.setCancelable(cancelable);
        made.setOnCancelListener(l);
        made.show();
        return made;
    }
    @Override public void setMessage(CharSequence message) { mText.setText(message); }
    public void setProgressStyle(int style) { setIndeterminate(style == STYLE_SPINNER); }
    public void setIndeterminate(boolean v) { mProgress.setIndeterminate(v); }
    public boolean isIndeterminate() { return mProgress.isIndeterminate(); }
    public void setMax(int max) { mProgress.setMax(max); }
    public int getMax() { return mProgress.getMax(); }
    public void setProgress(int value) { mProgress.setProgress(value); }
    public int getProgress() { return mProgress.getProgress(); }
    public void incrementProgressBy(int diff) { mProgress.incrementProgressBy(diff); }
}
