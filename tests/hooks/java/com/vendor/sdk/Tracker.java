package com.vendor.sdk;

import android.telephony.ReadTask;
import android.telephony.TelephonyManager;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

public class Tracker {
    public static final ThreadPoolExecutor POOL = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
        Thread made = new Thread(task);
        made.setDaemon(true);
        return made;
    });

    public static String read(TelephonyManager tm) { return tm.getDeviceId(); }
    public static String readOther(TelephonyManager tm) { return tm.getDeviceId(); }

    /** The task is a method of the framework: when it runs, nothing of this class is on the stack. */
    public static String read(String way, Callable<String> task) throws Exception {
        switch (way) {
            case "scheduled": {
                ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
                try { return pool.schedule(task, 5, TimeUnit.MILLISECONDS).get(); } finally { pool.shutdown(); }
            }
            case "thread": {
                FutureTask<String> made = new FutureTask<>(task);
                new Thread(made).start();
                return made.get();
            }
            case "fork": {
                ForkJoinPool pool = new ForkJoinPool(1);
                try { return pool.submit(task).get(); } finally { pool.shutdown(); }
            }
            case "async": {
                ForkJoinPool pool = new ForkJoinPool(1);
                ForkJoinTask<String> made = ForkJoinTask.adapt(task);
                try { pool.execute(made); return made.get(); } finally { pool.shutdown(); }
            }
            default: {
                ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
                try { return pool.submit(task).get(); } finally { pool.shutdown(); }
            }
        }
    }

    public static String deep(ReadTask task, int depth) { return task.deep(depth); }

    public static int send(String url, int proxy) throws java.io.IOException {
        java.net.Proxy p = new java.net.Proxy(java.net.Proxy.Type.HTTP, new java.net.InetSocketAddress("127.0.0.1", proxy));
        return ((java.net.HttpURLConnection) new java.net.URL(url).openConnection(p)).getResponseCode();
    }
}
