package android.app.job;

import android.os.PersistableBundle;

public class JobParameters {
    private final int mJobId;

    JobParameters(int jobId) { mJobId = jobId; }
    public int getJobId() { return mJobId; }
    public PersistableBundle getExtras() { return new PersistableBundle(); }
}
