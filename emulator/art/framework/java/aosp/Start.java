package aosp;

import android.app.AospProcess;
import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.os.Looper;
import android.os.SystemProperties;
import java.util.Iterator;
import org.json.JSONObject;

/** Starts a process of the floor: {@code aosp.Start CLASS ARGS} calls that class's main(Context, String[]) on the main thread. */
public final class Start {
    private Start() {}

    /** From now on the process reaches the floor's services. */
    public static void services() {
        Natives.publish(new Manager(Services.all()));
    }

    /** The app of a session's process; its caller fills in what the device says of it. */
    public static ApplicationInfo app(String name, int uid) {
        Packages.own(Packages.application(name, uid));
        return Packages.own();
    }

    public static void main(String[] args) throws Throwable {
        System.load(System.getProperty("aosp.natives"));  // for the boot class loader, which this class is of
        State.read(System.getenv("AOSP_STATE"));
        JSONObject properties = State.object("props");
        for (Iterator<String> names = properties.keys(); names.hasNext();) {
            String name = names.next();
            SystemProperties.set(name, properties.optString(name));
        }
        Looper.prepareMainLooper();
        services();
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        Context app = AospProcess.start(AospProcess.attach(), Packages.own(), loader);
        String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        try {
            Class.forName(args[0], true, loader).getMethod("main", Context.class, String[].class).invoke(null, app, rest);
        } catch (java.lang.reflect.InvocationTargetException bad) {
            throw bad.getCause();
        }
    }
}
