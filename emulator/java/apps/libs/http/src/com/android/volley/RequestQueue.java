package com.android.volley;

import com.android.volley.toolbox.BasicNetwork;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;

public class RequestQueue {
    private final BlockingQueue<Request<?>> mNetworkQueue = new PriorityBlockingQueue<>(11, (a, b) -> 0);
    private final NetworkDispatcher[] mDispatchers = new NetworkDispatcher[4];

    public void start() {
        for (int i = 0; i < mDispatchers.length; i++) {
            mDispatchers[i] = new NetworkDispatcher(mNetworkQueue, new BasicNetwork());
            mDispatchers[i].start();
        }
    }

    public <T> Request<T> add(Request<T> request) {
        mNetworkQueue.add(request);
        return request;
    }
}
