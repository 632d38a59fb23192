package android.text.style;

import android.content.ActivityNotFoundException;
import android.content.Intent;
import android.net.Uri;
import android.util.Log;
import android.view.View;

public class URLSpan extends ClickableSpan {
    private final String mURL;

    public URLSpan(String url) { mURL = url; }
    public String getURL() { return mURL; }
    @Override public void onClick(View widget) {
        try {
            widget.getContext().startActivity(new Intent(Intent.ACTION_VIEW, Uri.parse(mURL)));
        } catch (ActivityNotFoundException e) {
            Log.w("URLSpan", "Activity was not found for intent, " + mURL);
        }
    }
}
