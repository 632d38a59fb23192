package com.example.exerciser;

import android.util.Log;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;

/** The app's own output: one line a call, with the kind of result and never the result. */
final class Out {
    static final Object VOID = new Object();
    private static int count;

    interface Call {
        Object get() throws Throwable;
    }

    private Out() {}

    static void call(String row, String way, Call call) {
        String end;
        try {
            end = kind(call.get());
        } catch (Throwable thrown) {
            end = "throws " + (thrown instanceof InvocationTargetException ? thrown.getCause() : thrown).getClass().getName();
        }
        synchronized (Out.class) {
            count++;
            Log.i("ExerciserOut", count + " " + row + " " + way + " " + end);
        }
    }

    private static String kind(Object result) {
        if (result == VOID) return "void";
        if (result == null) return "null";
        if (result instanceof CharSequence) return ((CharSequence) result).length() == 0 ? "empty text" : "text";
        if (result instanceof Collection) return ((Collection<?>) result).isEmpty() ? "empty collection" : "collection";
        if (result.getClass().isArray()) return java.lang.reflect.Array.getLength(result) == 0 ? "empty array" : "array";
        return result.getClass().isHidden() ? "object" : result.getClass().getName();
    }

    static Object reflect(Object on, String cls, String method, String[] types, Object[] values) throws Throwable {
        Class<?> holder = type(cls);
        Method found = null;
        for (Class<?> at = holder; found == null; at = at.getSuperclass()) {
            try {
                found = at.getDeclaredMethod(method, types(types));
            } catch (NoSuchMethodException higher) {
                if (at.getSuperclass() == null) found = holder.getMethod(method, types(types));
            }
        }
        found.setAccessible(true);
        Object result = found.invoke(on, values);
        return found.getReturnType() == void.class ? VOID : result;
    }

    static Object make(String cls, String[] types, Object[] values) throws Throwable {
        Constructor<?> found = type(cls).getDeclaredConstructor(types(types));
        found.setAccessible(true);
        return found.newInstance(values);
    }

    private static Class<?>[] types(String[] names) throws ClassNotFoundException {
        Class<?>[] found = new Class<?>[names.length];
        for (int i = 0; i < names.length; i++) found[i] = type(names[i]);
        return found;
    }

    static Class<?> type(String name) throws ClassNotFoundException {
        if (name.endsWith("[]")) return type(name.substring(0, name.length() - 2)).arrayType();
        for (Class<?> one : new Class<?>[] {
            boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class
        }) if (one.getName().equals(name)) return one;
        return Class.forName(name, true, Out.class.getClassLoader());
    }
}
