import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Ways to call a method that Frida's Java bridge has replaced. A hook adds 1000 to what each returns. */
public final class Repro {
    public static class Early {
        public int add(int a, int b) { return a + b; }
    }

    public static class Late {
        public int add(int a, int b) { return a + b; }
    }

    public static class LateStatic {
        public static int add(int a, int b) { return a + b; }
    }

    public interface Sum {
        default int add(int a, int b) { return a + b; }
    }

    public static class Inherits implements Sum {}

    public static void main(String[] args) throws Throwable {
        Early early = new Early();
        Sum sum = new Inherits();
        MethodHandle handle = MethodHandles.lookup().findVirtual(
                Early.class, "add", MethodType.methodType(int.class, int.class, int.class));
        early.add(0, 0);
        sum.add(0, 0);
        System.out.println("ready");
        new BufferedReader(new InputStreamReader(System.in)).readLine();
        System.out.println("instance, initialised: " + early.add(1, 2));
        System.out.println("instance, not yet initialised: " + new Late().add(1, 2));
        System.out.println("static, not yet initialised: " + LateStatic.add(1, 2));
        System.out.println("default method, by a class that inherits it: " + sum.add(1, 2));
        System.out.println("method handle, invokeExact: " + (int) handle.invokeExact(early, 1, 2));
        System.out.println("reflection: " + Early.class.getMethod("add", int.class, int.class).invoke(early, 1, 2));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
