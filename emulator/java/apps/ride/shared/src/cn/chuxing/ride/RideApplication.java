package cn.chuxing.ride;

import android.app.Application;
import com.quickmap.loc.QuickLoc;

/** Where the careless build starts its library and tells the server of the device. */
public final class RideApplication extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        if (!QuickLoc.ready(this)) {
            throw new IllegalStateException("quickloc is not set up");
        }
        if (!Build.CAREFUL) {
            Phone.tell(this);
        }
    }
}
