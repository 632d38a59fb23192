package aosp;

import android.util.Log;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.json.JSONArray;

/** Finds the answer to a call of a service: a method of that name, with as many parameters, of the class that answers. */
final class Answers {
    static final String TAG = "aosp";

    private Answers() {}

    /** A call without an answer is an exception in the reply, and a line in the log that names it. */
    static Object of(Object answers, String service, String name, Object... words) {
        Rights.check(name);
        JSONArray denied = State.array("aosp.denied");
        for (int at = 0; at < denied.length(); at++) {
            if (name.equals(denied.optString(at))) throw new SecurityException(name + ": the caller may not");
        }
        for (Method method : answers.getClass().getDeclaredMethods()) {
            if (!method.getName().equals(name) || method.getParameterTypes().length != words.length) continue;
            try {
                return method.invoke(answers, words);
            } catch (InvocationTargetException bad) {
                throw Answers.<RuntimeException>as(bad.getCause());
            } catch (IllegalAccessException bad) {
                throw new IllegalStateException(bad);
            }
        }
        Log.w(TAG, "no answer: " + service + "." + name);
        throw new UnsupportedOperationException("the floor has no answer for " + service + "." + name);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T as(Throwable bad) throws T {
        throw (T) bad;
    }
}
