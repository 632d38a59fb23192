package aosp;

import android.app.usage.UsageStats;
import android.content.pm.ParceledListSlice;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;

/** IUsageStatsManager: every app of the device's user was in front for a minute. */
final class Usage {
    public ParceledListSlice queryUsageStats(int interval, long from, long to, String caller, int user) {
        List<UsageStats> found = new ArrayList<>();
        JSONArray packages = State.array("packages");
        for (int at = 0; at < packages.length(); at++) {
            if (packages.optJSONObject(at).optBoolean("system", true)) continue;
            UsageStats one = new UsageStats();
            one.mPackageName = packages.optJSONObject(at).optString("name");
            one.mBeginTimeStamp = from;
            one.mEndTimeStamp = to;
            one.mTotalTimeInForeground = 60_000;
            found.add(one);
        }
        return new ParceledListSlice<>(found);
    }
}
