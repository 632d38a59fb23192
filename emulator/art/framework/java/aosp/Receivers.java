package aosp;

import android.content.IIntentReceiver;
import android.content.Intent;
import android.content.IntentFilter;
import android.os.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Receivers that the app registered while it runs: the device knows their actions, a broadcast reaches those whose filter matches. */
public final class Receivers {
    private static final List<Receivers> ALL = new ArrayList<>();
    private static int numbers;
    private final IIntentReceiver receiver;
    private final IntentFilter filter;
    private final int number;

    private Receivers(IIntentReceiver receiver, IntentFilter filter) {
        this.receiver = receiver;
        this.filter = filter;
        number = ++numbers;
    }

    static void add(IIntentReceiver receiver, IntentFilter filter) {
        Receivers one;
        synchronized (ALL) {
            one = new Receivers(receiver, filter);
            ALL.add(one);
        }
        List<String> actions = new ArrayList<>();
        for (int at = 0; at < filter.countActions(); at++) actions.add(filter.getAction(at));
        Link.tell("receiver.register", Map.of("receiver", one.number, "actions", actions));
    }

    static void remove(IIntentReceiver receiver) {
        synchronized (ALL) {
            for (Receivers one : new ArrayList<>(ALL)) {
                if (!one.receiver.asBinder().equals(receiver.asBinder())) continue;
                ALL.remove(one);
                Link.tell("receiver.unregister", Map.of("receiver", one.number));
            }
        }
    }

    /** A broadcast from the device. */
    public static void deliver(Intent intent) {
        List<Receivers> now;
        synchronized (ALL) {
            now = new ArrayList<>(ALL);
        }
        for (Receivers one : now) {
            if (one.filter.match(intent.getAction(), intent.getType(), intent.getScheme(), intent.getData(), intent.getCategories(), Answers.TAG) < 0) continue;
            try {
                one.receiver.performReceive(intent, -1, null, null, false, false, 0);
            } catch (RemoteException bad) {
                throw new IllegalStateException(bad);
            }
        }
    }
}
