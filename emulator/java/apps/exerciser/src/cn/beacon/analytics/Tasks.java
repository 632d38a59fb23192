package cn.beacon.analytics;

import android.os.Handler;
import android.os.HandlerThread;
import android.telephony.TelephonyManager;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An SDK that has other threads read for it. The tasks are methods of the platform: when they run, none of this is on the stack. */
public final class Tasks {
    public static final String[] WAYS = {"pool", "execute", "scheduled", "async", "fork", "thread", "message"};

    private Tasks() {}

    public static String read(String way, TelephonyManager phone) throws Exception {
        Callable<String> task = phone::getMeid;
        switch (way) {
            case "pool": {
                ExecutorService pool = Executors.newFixedThreadPool(2);
                try { return pool.submit(task).get(); } finally { pool.shutdown(); }
            }
            case "execute": {
                ExecutorService pool = Executors.newCachedThreadPool();
                FutureTask<String> made = new FutureTask<>(task);
                try { pool.execute(made); return made.get(); } finally { pool.shutdown(); }
            }
            case "scheduled": {
                ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
                try { return pool.schedule(task, 1, TimeUnit.MILLISECONDS).get(); } finally { pool.shutdown(); }
            }
            case "async": {
                ForkJoinPool pool = new ForkJoinPool(1);
                try { return CompletableFuture.supplyAsync(phone::getMeid, pool).get(); } finally { pool.shutdown(); }
            }
            case "fork": {
                ForkJoinPool pool = new ForkJoinPool(1);
                try { return pool.submit(task).get(); } finally { pool.shutdown(); }
            }
            case "thread": {
                FutureTask<String> made = new FutureTask<>(task);
                new Thread(made).start();
                return made.get();
            }
            default: {
                HandlerThread thread = new HandlerThread("beacon");
                thread.start();
                Handler handler = new Handler(thread.getLooper());
                CountDownLatch done = new CountDownLatch(1);
                handler.post(phone::getMeid);
                handler.post(done::countDown);
                done.await(10, TimeUnit.SECONDS);
                thread.quit();
                return "posted";
            }
        }
    }
}
