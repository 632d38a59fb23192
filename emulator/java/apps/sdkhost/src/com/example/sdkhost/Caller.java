package com.example.sdkhost;

import android.app.Activity;
import android.content.Context;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Makes one call of a plan by reflection: arguments are plain values, {@code $application}, {@code $activity} or objects. */
final class Caller {
    private final Context context;
    private final Activity activity;

    Caller(Context context, Activity activity) {
        this.context = context;
        this.activity = activity;
    }

    /** The plan names a class, method or field that is not there. */
    static final class Absent extends Exception {
        Absent(String what) {
            super(what);
        }
    }

    void call(JSONObject call) throws Throwable {
        Object on = call.isNull("on") ? null : value(call.get("on"));
        invoke(on == null ? type(call.getString("class")) : on.getClass(), on, call);
    }

    private Object invoke(Class<?> type, Object on, JSONObject call) throws Throwable {
        String name = call.getString("method");
        Object[] given = values(call.optJSONArray("args"));
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                boolean callable = Modifier.isPublic(method.getModifiers()) && (on != null || Modifier.isStatic(method.getModifiers()));
                if (method.getName().equals(name) && callable && fits(method, given)) {
                    method.setAccessible(true);
                    return method.invoke(on, fitted(method, given));
                }
            }
        }
        throw new Absent("method " + type.getName() + "." + name + " with " + given.length + " arguments");
    }

    private Object value(Object said) throws Throwable {
        if (said == JSONObject.NULL) {
            return null;
        }
        if ("$application".equals(said)) {
            return context.getApplicationContext();
        }
        if ("$activity".equals(said)) {
            return activity == null ? context : activity;
        }
        if (!(said instanceof JSONObject)) {
            return said;
        }
        JSONObject object = (JSONObject) said;
        if (object.has("listener")) {
            Class<?> type = type(object.getString("listener"));
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> silent(self, method, args));
        }
        if (object.has("field")) {
            return field(object.getString("field"));
        }
        Object made = object.has("new") ? construct(object) : invoke(type(object.getString("get")), null, object);
        JSONArray then = object.optJSONArray("then");
        for (int i = 0; then != null && i < then.length(); i++) {
            Object next = invoke(made.getClass(), made, then.getJSONObject(i));
            made = next == null ? made : next;
        }
        return made;
    }

    private static Object silent(Object self, Method method, Object[] args) {
        switch (method.getName()) {
            case "equals":
                return self == args[0];
            case "hashCode":
                return System.identityHashCode(self);
            case "toString":
                return "listener";
            default:
                return method.getReturnType().isPrimitive() && method.getReturnType() != void.class
                        ? Array.get(Array.newInstance(method.getReturnType(), 1), 0)
                        : null;
        }
    }

    private Object field(String name) throws Throwable {
        int dot = name.lastIndexOf('.');
        try {
            return type(name.substring(0, dot)).getField(name.substring(dot + 1)).get(null);
        } catch (NoSuchFieldException absent) {
            throw new Absent("field " + name);
        }
    }

    private Object construct(JSONObject object) throws Throwable {
        Class<?> type = type(object.getString("new"));
        Object[] given = values(object.optJSONArray("args"));
        for (Constructor<?> one : type.getConstructors()) {
            if (fits(one, given)) {
                return one.newInstance(fitted(one, given));
            }
        }
        throw new Absent("constructor " + type.getName() + " with " + given.length + " arguments");
    }

    private Class<?> type(String name) throws Absent, ClassNotFoundException {
        try {
            return Class.forName(name, true, context.getClassLoader());
        } catch (ClassNotFoundException absent) {
            if (name.equals(absent.getMessage())) {
                throw new Absent("class " + name);
            }
            throw absent;
        }
    }

    private Object[] values(JSONArray said) throws Throwable {
        Object[] values = new Object[said == null ? 0 : said.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(said.get(i));
        }
        return values;
    }

    private static boolean fits(Executable code, Object[] given) {
        Class<?>[] types = code.getParameterTypes();
        if (types.length != given.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (given[i] == null ? types[i].isPrimitive() : fitted(types[i], given[i]) == null) {
                return false;
            }
        }
        return true;
    }

    private static Object[] fitted(Executable code, Object[] given) {
        Object[] values = new Object[given.length];
        for (int i = 0; i < given.length; i++) {
            values[i] = given[i] == null ? null : fitted(code.getParameterTypes()[i], given[i]);
        }
        return values;
    }

    /** The value converted to the type; null = not possible. */
    private static Object fitted(Class<?> type, Object value) {
        if (value instanceof Number) {
            Number number = (Number) value;
            if (type == int.class || type == Integer.class) {
                return number.intValue();
            }
            if (type == long.class || type == Long.class) {
                return number.longValue();
            }
            if (type == double.class || type == Double.class) {
                return number.doubleValue();
            }
            if (type == float.class || type == Float.class) {
                return number.floatValue();
            }
        }
        if (value instanceof Boolean && type == boolean.class) {
            return value;
        }
        return type.isInstance(value) ? value : null;
    }
}
