package standin;

import android.content.ContentValues;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.os.Bundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Between JSON and the framework's carriers of values. */
public final class Content {
    private Content() {}

    @SuppressWarnings("unchecked")
    public static Cursor cursor(Object answer) {
        if (!(answer instanceof Map)) return null;
        Map<String, Object> map = (Map<String, Object>) answer;
        List<Object> columns = (List<Object>) map.get("columns");
        MatrixCursor cursor = new MatrixCursor(columns.stream().map(String::valueOf).toArray(String[]::new));
        for (Object row : (List<Object>) map.get("rows")) cursor.addRow((List<Object>) row);
        return cursor;
    }

    public static Map<String, Object> values(ContentValues values) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (values != null) for (Map.Entry<String, Object> e : values.valueSet()) out.put(e.getKey(), e.getValue());
        return out;
    }

    /** Values of a bundle that JSON can carry; anything else is named, not copied. */
    public static Map<String, Object> plain(Bundle bundle) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (bundle != null) for (String key : bundle.keySet()) out.put(key, plainValue(bundle.get(key)));
        return out;
    }

    private static Object plainValue(Object v) {
        if (v == null || v instanceof Number || v instanceof Boolean || v instanceof String) return v;
        if (v instanceof CharSequence) return v.toString();
        if (v instanceof Bundle) return plain((Bundle) v);
        if (v instanceof List) {
            List<Object> out = new ArrayList<>();
            for (Object one : (List<?>) v) out.add(plainValue(one));
            return out;
        }
        if (v instanceof String[] || v instanceof int[] || v instanceof long[]) return v;
        return String.valueOf(v);
    }

    @SuppressWarnings("unchecked")
    public static Bundle bundle(Object answer) {
        if (!(answer instanceof Map)) return null;
        Bundle out = new Bundle();
        for (Map.Entry<String, Object> e : ((Map<String, Object>) answer).entrySet()) {
            Object v = e.getValue();
            if (v instanceof Map) {
                out.putBundle(e.getKey(), bundle(v));
            } else if (v instanceof List) {
                List<Object> list = (List<Object>) v;
                if (list.stream().allMatch(Long.class::isInstance) && !list.isEmpty()) {
                    out.putIntArray(e.getKey(), list.stream().mapToInt(x -> ((Long) x).intValue()).toArray());
                } else {
                    out.putStringArray(e.getKey(), list.stream().map(x -> x == null ? null : x.toString()).toArray(String[]::new));
                }
            } else {
                put(out, e.getKey(), v);
            }
        }
        return out;
    }

    private static void put(Bundle out, String key, Object v) {
        if (v instanceof Long && (Long) v == ((Long) v).intValue()) out.putInt(key, ((Long) v).intValue());
        else if (v instanceof Long) out.putLong(key, (Long) v);
        else if (v instanceof Double) out.putDouble(key, (Double) v);
        else if (v instanceof Boolean) out.putBoolean(key, (Boolean) v);
        else out.putString(key, (String) v);
    }

    /** Truth of one provider call. */
    public static void truth(String uri, String method, String outcome) {
        Device.truth(dataType(uri), "android.content.ContentResolver", method, outcome);
    }

    private static String dataType(String uri) {
        String rest = uri.startsWith("content://") ? uri.substring(10) : uri;
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        switch (authority) {
            case "com.android.contacts":
            case "contacts": return rest.startsWith("contacts/calls") ? "call_log" : "contacts";
            case "call_log": return "call_log";
            case "sms":
            case "mms":
            case "mms-sms": return "sms";
            case "telephony": return rest.contains("siminfo") ? "iccid" : "content_uri";
            case "com.android.calendar": return "calendar";
            case "media": return "media";
            case "settings": return rest.contains("android_id") ? "android_id" : "hw_fp";
            case "com.google.android.gsf.gservices": return "install_id";
            case "com.vivo.vms.IdProvider":
            case "com.meizu.flyme.openidsdk":
            case "cn.nubia.identity": return "oaid";
            default: return "content_uri";
        }
    }
}
