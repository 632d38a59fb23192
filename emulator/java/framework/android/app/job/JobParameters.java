package android.app.job;

import android.os.PersistableBundle;

public class JobParameters {
    private final int mJobId;
    private final PersistableBundle mExtras;

    JobParameters(int jobId, PersistableBundle extras) {
        mJobId = jobId;
        mExtras = extras;
    }
    public int getJobId() { return mJobId; }
    public PersistableBundle getExtras() { return mExtras; }
}
