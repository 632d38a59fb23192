package android.app;

import android.app.job.JobInfo;
import android.app.job.JobScheduler;
import android.content.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import standin.Device;

public class JobSchedulerImpl extends JobScheduler {
    JobSchedulerImpl(Context context) {}

    @Override public int schedule(JobInfo job) {
        standinKeep(job.getId(), job);
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("key", "job/" + job.getId());
        a.put("kind", "job");
        a.put("job", job.getId());
        a.put("component", job.getService().flattenToString());
        a.put("delay_ms", job.getMinLatencyMillis());
        a.put("interval_ms", job.getIntervalMillis());
        Device.call("alarm.set", a);
        return RESULT_SUCCESS;
    }
    @Override public void cancel(int jobId) {
        standinKeep(jobId, null);
        Device.call("alarm.cancel", Map.of("key", "job/" + jobId));
    }
    @Override public void cancelAll() {
        for (JobInfo job : getAllPendingJobs()) standinKeep(job.getId(), null);
        Device.call("alarm.cancel", Map.of("key", "job/*"));
    }
}
