package android.app.usage;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import standin.Device;
import standin.Read;

/** Empty unless the user granted usage access. */
public final class UsageStatsManager {
    public static final int INTERVAL_DAILY = 0;
    public static final int INTERVAL_BEST = 4;
    private static final String CLS = "android.app.usage.UsageStatsManager";

    public UsageStatsManager(Context context) {}

    public List<UsageStats> queryUsageStats(int intervalType, long beginTime, long endTime) {
        List<UsageStats> found = new ArrayList<>();
        if (Device.hasPermission("android.permission.PACKAGE_USAGE_STATS")) {
            for (Object one : Device.getList("packages")) found.add(new UsageStats(Read.text(((Map<?, ?>) one).get("name"))));
        }
        return Read.give("procs", CLS, "queryUsageStats", found);
    }

    public UsageEvents queryEvents(long beginTime, long endTime) {
        return Read.give("procs", CLS, "queryEvents", new UsageEvents());
    }
}
