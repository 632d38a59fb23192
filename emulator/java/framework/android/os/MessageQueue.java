package android.os;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Messages of one looper in order of their time; equal times in order of arrival. */
public final class MessageQueue {
    private final PriorityQueue<Message> queue =
            new PriorityQueue<>((a, b) -> a.when != b.when ? Long.compare(a.when, b.when) : Long.compare(a.order, b.order));
    private final List<IdleHandler> idle = new ArrayList<>();
    private long orders;
    private boolean quitting;

    /** Called when the queue has nothing to do now; stays registered while it returns true. */
    public interface IdleHandler {
        boolean queueIdle();
    }

    MessageQueue() {}

    synchronized boolean enqueueMessage(Message msg, long when) {
        if (quitting) return false;
        msg.when = when;
        msg.order = ++orders;
        queue.add(msg);
        notifyAll();
        return true;
    }

    Message next() {
        boolean idled = false;
        while (true) {
            List<IdleHandler> now = List.of();
            synchronized (this) {
                Message head = queue.peek();
                long wait = head == null ? Long.MAX_VALUE : head.when - SystemClock.uptimeMillis();
                if (head != null && wait <= 0) return queue.poll();
                if (quitting) return null;
                if (!idled && !idle.isEmpty()) {
                    now = new ArrayList<>(idle);
                } else {
                    try {
                        if (head == null) wait(); else wait(wait);
                    } catch (InterruptedException ignored) {
                        // A looper goes on when its thread is interrupted.
                    }
                    continue;
                }
            }
            idled = true;
            for (IdleHandler handler : now) {
                if (!handler.queueIdle()) removeIdleHandler(handler);
            }
        }
    }

    public synchronized void addIdleHandler(IdleHandler handler) {
        idle.add(handler);
        notifyAll();
    }

    public synchronized void removeIdleHandler(IdleHandler handler) {
        idle.remove(handler);
    }

    synchronized void quit(boolean safe) {
        quitting = true;
        long now = SystemClock.uptimeMillis();
        queue.removeIf(m -> !safe || m.when > now);
        notifyAll();
    }

    synchronized void remove(Handler handler, Runnable callback, Integer what, Object token) {
        queue.removeIf(m -> m.target == handler
                && (callback == null || m.callback == callback)
                && (what == null || m.callback == null && m.what == what)
                && (token == null || m.obj == token));
    }

    synchronized boolean has(Handler handler, Runnable callback, Integer what, Object token) {
        return queue.stream().anyMatch(m -> m.target == handler
                && (callback == null || m.callback == callback)
                && (what == null || m.callback == null && m.what == what)
                && (token == null || m.obj == token));
    }
}
