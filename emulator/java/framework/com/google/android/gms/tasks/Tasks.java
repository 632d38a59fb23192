package com.google.android.gms.tasks;

/** What apps make of tasks. */
public final class Tasks {
    private Tasks() {}

    public static <T> Task<T> forResult(T result) {
        TaskImpl<T> task = new TaskImpl<>();
        task.complete(result, null);
        return task;
    }

    public static <T> T await(Task<T> task) throws InterruptedException {
        if (android.os.Looper.myLooper() == android.os.Looper.getMainLooper()) {
            throw new IllegalStateException("Must not be called on the main application thread");
        }
        synchronized (task) {
            while (!task.isComplete()) task.wait();
        }
        return task.getResult();
    }
}
