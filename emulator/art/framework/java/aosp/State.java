package aosp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** What is on the device: the stand-in's own state, as JSON. */
final class State {
    private static JSONObject root = new JSONObject();

    private State() {}

    static void read(String path) throws IOException, JSONException {
        root = new JSONObject(new String(Files.readAllBytes(Paths.get(path)), "UTF-8"));
    }

    /** The value at a dotted path; null where there is none. */
    static Object at(String path) {
        if (Link.there()) return Link.ask("state.get", java.util.Collections.singletonMap("path", path));
        Object here = root;
        for (String part : path.split("\\.")) here = here instanceof JSONObject ? ((JSONObject) here).opt(part) : null;
        return here == JSONObject.NULL ? null : here;
    }

    static String text(String path) {
        Object value = at(path);
        return value == null ? null : String.valueOf(value);
    }

    static int number(String path, int otherwise) {
        Object value = at(path);
        return value instanceof Number ? ((Number) value).intValue() : otherwise;
    }

    static JSONObject object(String path) {
        Object value = at(path);
        return value instanceof JSONObject ? (JSONObject) value : new JSONObject();
    }

    static JSONArray array(String path) {
        Object value = at(path);
        return value instanceof JSONArray ? (JSONArray) value : new JSONArray();
    }
}
