package android.app.job;

import android.content.ComponentName;
import android.os.PersistableBundle;

public class JobInfo {
    public static final int NETWORK_TYPE_NONE = 0;
    public static final int NETWORK_TYPE_ANY = 1;
    private final int mId;
    private final ComponentName mService;
    private long mDelay;
    private long mInterval;
    private PersistableBundle mExtras = new PersistableBundle();

    private JobInfo(int id, ComponentName service) {
        mId = id;
        mService = service;
    }

    public int getId() { return mId; }
    public ComponentName getService() { return mService; }
    public long getMinLatencyMillis() { return mDelay; }
    public long getIntervalMillis() { return mInterval; }
    public boolean isPeriodic() { return mInterval > 0; }
    public PersistableBundle getExtras() { return mExtras; }

    public static final class Builder {
        private final JobInfo mJob;

        public Builder(int jobId, ComponentName jobService) { mJob = new JobInfo(jobId, jobService); }
        public Builder setMinimumLatency(long ms) { mJob.mDelay = ms; return this; }
        public Builder setOverrideDeadline(long ms) { return this; }
        public Builder setPeriodic(long ms) { mJob.mInterval = ms; return this; }
        public Builder setRequiredNetworkType(int type) { return this; }
        public Builder setPersisted(boolean v) { return this; }
        public Builder setExtras(PersistableBundle e) { mJob.mExtras = e; return this; }
        public Builder setBackoffCriteria(long initialMs, int policy) { return this; }
        public JobInfo build() { return mJob; }
    }
}
