package com.google.android.gms.tasks;

import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import standin.Later;

/** The one implementation; its name in the library is an obfuscated one. */
public final class TaskImpl<T> extends Task<T> {
    static final Executor MAIN = work -> new Handler(Looper.getMainLooper()).post(work);

    private final List<Runnable> waiting = new ArrayList<>();
    private boolean complete;
    private T result;
    private Exception failure;

    /** A task that is completed by the service, later. */
    public static <T> Task<T> of(T value) {
        TaskImpl<T> task = new TaskImpl<>();
        Later.binder(() -> task.complete(value, null));
        return task;
    }

    synchronized void complete(T value, Exception thrown) {
        result = value;
        failure = thrown;
        complete = true;
        notifyAll();
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    @Override
    public synchronized boolean isComplete() {
        return complete;
    }

    @Override
    public synchronized boolean isSuccessful() {
        return complete && failure == null;
    }

    @Override
    public boolean isCanceled() {
        return false;
    }

    @Override
    public synchronized T getResult() {
        if (!complete) throw new IllegalStateException("Task is not yet complete");
        if (failure != null) throw new RuntimeException(failure);
        return result;
    }

    @Override
    public synchronized <X extends Throwable> T getResult(Class<X> type) throws X {
        if (type.isInstance(failure)) throw type.cast(failure);
        return getResult();
    }

    @Override
    public synchronized Exception getException() {
        return failure;
    }

    @Override
    public synchronized Task<T> addOnCompleteListener(Executor executor, OnCompleteListener<T> listener) {
        Runnable tell = () -> executor.execute(() -> listener.onComplete(this));
        if (complete) tell.run();
        else waiting.add(tell);
        return this;
    }
}
