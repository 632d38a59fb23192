package com.android.volley;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;

public class NetworkDispatcher extends Thread {
    private final BlockingQueue<Request<?>> mQueue;
    private final Network mNetwork;

    public NetworkDispatcher(BlockingQueue<Request<?>> queue, Network network) {
        mQueue = queue;
        mNetwork = network;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (true) {
            try {
                processRequest(mQueue.take());
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    void processRequest(Request<?> request) {
        try {
            request.deliverResponse(mNetwork.performRequest(request).statusCode);
        } catch (IOException failed) {
            request.deliverResponse(-1);
        }
    }
}
