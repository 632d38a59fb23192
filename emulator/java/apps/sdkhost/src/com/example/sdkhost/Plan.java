package com.example.sdkhost;

import android.app.Activity;
import android.content.Context;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** {@code assets/plan.json}: which calls are made when. Lists {@code early}, {@code agreed}, {@code refused}, {@code withdrawn}. */
final class Plan {
    private final JSONObject plan;

    private Plan(JSONObject plan) {
        this.plan = plan;
    }

    static Plan read(Context context) {
        try (InputStream in = context.getAssets().open("plan.json")) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int n = in.read(part); n > 0; n = in.read(part)) {
                all.write(part, 0, n);
            }
            return new Plan(new JSONObject(new String(all.toByteArray(), StandardCharsets.UTF_8)));
        } catch (FileNotFoundException none) {
            return new Plan(new JSONObject());
        } catch (IOException | JSONException damaged) {
            throw new IllegalStateException(damaged);
        }
    }

    /** Whether what follows consent is called in the second process. */
    boolean second() {
        return plan.optBoolean("second");
    }

    /** Make the calls of a list; each leaves a line, and the list one at its end. */
    void run(Context context, String list, Activity activity) {
        JSONArray calls = plan.optJSONArray(list);
        for (int i = 0; calls != null && i < calls.length(); i++) {
            JSONObject call = calls.optJSONObject(i);
            String name = call.optString("name");
            try {
                new Caller(context, activity).call(call);
                Outcome.add(context, "call " + name + ": done");
            } catch (Caller.Absent absent) {
                Outcome.add(context, "call " + name + ": absent " + absent.getMessage());
            } catch (Throwable error) {
                Outcome.add(context, "call " + name + ": " + Outcome.words(error));
            }
        }
        Outcome.add(context, "calls " + list + " made");
    }
}
