package android.view;

import android.content.Context;

public class MenuInflater {
    public MenuInflater(Context context) {}

    /** Menu resources do not exist here: items are added in code. */
    public void inflate(int menuRes, Menu menu) {
        throw new InflateException("This device has no menu resources: add the items in code");
    }
}
