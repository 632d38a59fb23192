package android.app.job;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public abstract class JobService extends Service {
    public static final String PERMISSION_BIND = "android.permission.BIND_JOB_SERVICE";

    public abstract boolean onStartJob(JobParameters params);
    public abstract boolean onStopJob(JobParameters params);
    public final void jobFinished(JobParameters params, boolean wantsReschedule) {}
    @Override public final IBinder onBind(Intent intent) { return null; }

    /** The stand-in's own: the device says the time has come. */
    public final void standinStart(int id) {
        JobInfo job = JobScheduler.LAST.get(id);
        onStartJob(new JobParameters(id, job == null ? new android.os.PersistableBundle() : job.getExtras()));
    }
}
