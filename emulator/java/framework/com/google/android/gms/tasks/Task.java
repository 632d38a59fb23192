package com.google.android.gms.tasks;

import java.util.concurrent.Executor;

/** As the library of Play services has it: a value that comes later. */
public abstract class Task<T> {
    public abstract boolean isComplete();

    public abstract boolean isSuccessful();

    public abstract boolean isCanceled();

    public abstract T getResult();

    public abstract <X extends Throwable> T getResult(Class<X> type) throws X;

    public abstract Exception getException();

    public abstract Task<T> addOnCompleteListener(Executor executor, OnCompleteListener<T> listener);

    public Task<T> addOnCompleteListener(OnCompleteListener<T> listener) {
        return addOnCompleteListener(TaskImpl.MAIN, listener);
    }

    public Task<T> addOnSuccessListener(OnSuccessListener<? super T> listener) {
        return addOnSuccessListener(TaskImpl.MAIN, listener);
    }

    public Task<T> addOnSuccessListener(Executor executor, OnSuccessListener<? super T> listener) {
        return addOnCompleteListener(executor, done -> {
            if (done.isSuccessful()) listener.onSuccess(done.getResult());
        });
    }

    public Task<T> addOnFailureListener(OnFailureListener listener) {
        return addOnFailureListener(TaskImpl.MAIN, listener);
    }

    public Task<T> addOnFailureListener(Executor executor, OnFailureListener listener) {
        return addOnCompleteListener(executor, done -> {
            if (!done.isSuccessful()) listener.onFailure(done.getException());
        });
    }
}
