package android.app;

import android.content.IContentProvider;
import android.content.pm.ProviderInfo;

/** A provider with its binder, as the activity manager hands it out. */
public class ContentProviderHolder {
    public final ProviderInfo info;
    public IContentProvider provider;

    public ContentProviderHolder(ProviderInfo info) {
        this.info = info;
    }
}
