package android.app.job;

public abstract class JobScheduler {
    public static final int RESULT_FAILURE = 0;
    public static final int RESULT_SUCCESS = 1;

    /** The stand-in's own: by number, what this process scheduled. */
    static final java.util.Map<Integer, JobInfo> LAST = new java.util.concurrent.ConcurrentHashMap<>();

    public abstract int schedule(JobInfo job);

    protected static void standinKeep(int id, JobInfo job) {
        if (job == null) LAST.remove(id);
        else LAST.put(id, job);
    }
    public java.util.List<JobInfo> getAllPendingJobs() { return new java.util.ArrayList<>(LAST.values()); }
    public JobInfo getPendingJob(int jobId) { return LAST.get(jobId); }

    public abstract void cancel(int jobId);

    public abstract void cancelAll();
}
