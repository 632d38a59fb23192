package standin;

import android.content.ComponentName;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Intents as JSON and back. Extras that JSON cannot carry stay in this process under a number: they arrive whole if
 * the receiver lives here too, and are lost otherwise.
 */
public final class Intents {
    private static final Map<Integer, Bundle> KEPT = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final String KEY = "standin.kept";

    private Intents() {}

    public static Map<String, Object> write(Intent intent) {
        Map<String, Object> a = new LinkedHashMap<>();
        a.put("action", intent.getAction() == null ? "" : intent.getAction());
        a.put("component", intent.getComponent() == null ? "" : intent.getComponent().flattenToString());
        a.put("package", intent.getPackage() == null ? "" : intent.getPackage());
        a.put("data", intent.getDataString() == null ? "" : intent.getDataString());
        a.put("mime", intent.getType() == null ? "" : intent.getType());
        a.put("categories", intent.getCategories() == null ? List.of() : new ArrayList<>(intent.getCategories()));
        a.put("flags", intent.getFlags());
        a.put("extras", extras(intent.getExtras()));
        return a;
    }

    private static Map<String, Object> extras(Bundle bundle) {
        Map<String, Object> out = Content.plain(bundle);
        if (bundle != null && !bundle.isEmpty()) {
            int number = NUMBERS.incrementAndGet();
            KEPT.put(number, new Bundle(bundle));
            KEPT.remove(number - 500);
            out.put(KEY, android.os.Process.myPid() + ":" + number);
        }
        return out;
    }

    @SuppressWarnings("unchecked")
    public static Intent read(Map<String, Object> a) {
        Intent intent = new Intent();
        if (given(a, "action")) intent.setAction((String) a.get("action"));
        if (given(a, "data")) intent.setData(Uri.parse((String) a.get("data")));
        if (given(a, "component")) intent.setComponent(ComponentName.unflattenFromString((String) a.get("component")));
        if (given(a, "package")) intent.setPackage((String) a.get("package"));
        if (a.get("flags") instanceof Number) intent.setFlags(((Number) a.get("flags")).intValue());
        if (a.get("categories") instanceof List) for (Object c : (List<Object>) a.get("categories")) intent.addCategory(String.valueOf(c));
        Bundle extras = Content.bundle(a.get("extras"));
        if (extras != null && !extras.isEmpty()) intent.replaceExtras(restore(extras));
        return intent;
    }

    private static boolean given(Map<String, Object> a, String key) {
        return a.get(key) instanceof String && !((String) a.get(key)).isEmpty();
    }

    private static Bundle restore(Bundle extras) {
        String kept = extras.getString(KEY);
        extras.remove(KEY);
        String mine = android.os.Process.myPid() + ":";
        if (kept == null || !kept.startsWith(mine)) return extras;
        Bundle whole = KEPT.get(Integer.parseInt(kept.substring(mine.length())));
        return whole == null ? extras : new Bundle(whole);
    }

    public static Map<String, Object> writeData(Intent intent) { return write(intent); }

    @SuppressWarnings("unchecked")
    public static Intent readData(Object a) { return read((Map<String, Object>) a); }

    /** The sticky broadcast that tells the battery's state. */
    public static Intent battery() {
        Map<String, Object> b = Device.getMap("battery");
        Intent intent = new Intent(Intent.ACTION_BATTERY_CHANGED);
        for (Map.Entry<String, Object> e : b.entrySet()) {
            if (e.getValue() instanceof Number) intent.putExtra(e.getKey(), ((Number) e.getValue()).intValue());
            else intent.putExtra(e.getKey(), String.valueOf(e.getValue()));
        }
        return intent;
    }
}
