package com.android.webview.chromium;

import android.webkit.JavascriptInterface;
import android.webkit.WebView;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import standin.Device;
import standin.Listeners;

/** The page of one view, as the device's engine tells of it (PROTOCOL.md, web). */
public final class Page {
    private static final int MOST = 100_000;
    private final WebView view;
    private final int number = Listeners.add(this::told);
    private final Map<String, Object> objects = new ConcurrentHashMap<>();
    private final ExecutorService bridge = Executors.newSingleThreadExecutor(task -> daemon(task, "JavaBridge"));
    private volatile List<?> nodes = List.of();
    private volatile String title;

    public Page(WebView view) {
        this.view = view;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** An object for the scripts of the pages that come; null takes it away. */
    public void add(Object object, String name) {
        if (object == null) objects.remove(name);
        else objects.put(name, object);
    }

    public void show(String url, String html, boolean scripts) {
        Map<String, Object> names = new LinkedHashMap<>();
        objects.forEach((name, object) -> {
            List<String> methods = new ArrayList<>();
            for (Method method : object.getClass().getMethods()) {
                if (method.isAnnotationPresent(JavascriptInterface.class)) methods.add(method.getName());
            }
            names.put(name, methods);
        });
        title = null;
        Device.call("web.load", Map.of("web", number, "url", url, "html", html, "scripts", scripts, "objects", names));
    }

    public void evaluate(String script, Consumer<String> then) {
        daemon(() -> then.accept(String.valueOf(Device.call("web.eval", Map.of("web", number, "script", script)))), "chromium-js").start();
    }

    public void close() {
        Listeners.remove(number);
        Device.call("web.close", Map.of("web", number));
    }

    public String title() {
        return title;
    }

    /** What it shows; its nodes have numbers below zero. */
    @SuppressWarnings("unchecked")
    public List<Object> nodes() {
        if (nodes.isEmpty()) return List.of();
        List<Object> inside = new ArrayList<>();
        for (Object one : nodes) {
            Map<String, Object> node = new LinkedHashMap<>((Map<String, Object>) one);
            node.put("id", -(number * MOST + ((Number) node.get("id")).intValue()));
            inside.add(node);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("id", -(number * MOST));
        root.put("class", "android.webkit.WebView");
        root.put("text", title == null ? "" : title);
        root.put("scrollable", true);
        root.put("focusable", true);
        root.put("children", inside);
        return List.of(root);
    }

    public boolean has(int node) {
        return node < 0 && -node / MOST == number;
    }

    public boolean tap(int node) {
        Device.call("web.click", Map.of("web", number, "node", -node % MOST));
        return true;
    }

    public void type(int node, String text) {
        Device.call("web.type", Map.of("web", number, "node", -node % MOST, "text", text));
    }

    private static String text(Map<String, Object> a, String key) {
        Object value = a.get(key);
        return value == null ? "" : value.toString();
    }

    private void told(Map<String, Object> a) {
        switch (text(a, "what")) {
            case "page":
                nodes = (List<?>) a.get("nodes");
                title = text(a, "title");
                view.requestLayout();
                break;
            case "go":
                view.standinGo(text(a, "url"));
                break;
            case "fetch":
                daemon(() -> fetch(a), "chromium-net").start();
                break;
            case "call":
                bridge.execute(() -> call(a));
                break;
            default:
                break;
        }
    }

    @SuppressWarnings("unchecked")
    private void fetch(Map<String, Object> a) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (a.get("headers") instanceof Map) ((Map<String, Object>) a.get("headers")).forEach((k, v) -> headers.put(k, v.toString()));
        byte[] body = a.get("body") == null ? null : Base64.getDecoder().decode(text(a, "body"));
        Fetch got = view.standinPart(text(a, "url"), headers, body);
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("web", number, "request", text(a, "request"), "status", got == null ? 0 : got.status));
        if (got != null) answer.putAll(Map.of("type", got.type, "body", Base64.getEncoder().encodeToString(got.body)));
        Device.call("web.answer", answer);
    }

    private void call(Map<String, Object> a) {
        Object object = objects.get(text(a, "object"));
        List<?> given = (List<?>) a.get("args");
        Object result = null;
        for (Method method : object == null ? new Method[0] : object.getClass().getMethods()) {
            Class<?>[] types = method.getParameterTypes();
            if (!method.getName().equals(text(a, "method")) || types.length != given.size()
                    || !method.isAnnotationPresent(JavascriptInterface.class)) continue;
            Object[] args = new Object[types.length];
            for (int i = 0; i < args.length; i++) args[i] = as(types[i], given.get(i));
            try {
                method.setAccessible(true);
                result = method.invoke(object, args);
            } catch (IllegalAccessException | InvocationTargetException thrown) {
                android.util.Log.e("chromium", "Java exception was raised during method invocation: " + thrown.getCause());
            }
            break;
        }
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("web", number, "call", text(a, "call")));
        answer.put("value", result instanceof Number || result instanceof Boolean ? result : result == null ? null : result.toString());
        Device.call("web.result", answer);
    }

    private static Object as(Class<?> type, Object value) {
        if (type == String.class) return value == null ? null : value instanceof Double && ((Double) value) % 1 == 0 ? String.valueOf(((Double) value).longValue()) : value.toString();
        if (type == boolean.class) return Boolean.TRUE.equals(value);
        double number = value instanceof Number ? ((Number) value).doubleValue() : 0;
        if (type == int.class) return (int) number;
        if (type == long.class) return (long) number;
        if (type == float.class) return (float) number;
        if (type == double.class) return number;
        return null;
    }
}
