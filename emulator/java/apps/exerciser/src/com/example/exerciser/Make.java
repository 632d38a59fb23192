package com.example.exerciser;

import android.app.Activity;
import android.content.Intent;
import android.net.Uri;
import android.view.View;
import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;

/** Objects to call methods of. */
final class Make {
    static Activity activity;
    private static final Map<String, Object> KEPT = new HashMap<>();

    private Make() {}

    /** Objects that are not made by a constructor. */
    static void prepare(Activity screen) throws Throwable {
        activity = screen;
        android.content.ContentResolver resolver = screen.getContentResolver();
        android.net.ConnectivityManager net = screen.getSystemService(android.net.ConnectivityManager.class);
        tried("android.content.ContentResolver", () -> resolver);
        tried("android.app.Activity", () -> screen);
        tried("android.app.ApplicationPackageManager", () -> screen.getPackageManager());
        tried("android.content.pm.PackageManager", () -> screen.getPackageManager());
        tried("android.app.ContextImpl", () -> impl());
        tried("android.app.Instrumentation", () -> new android.app.Instrumentation());
        tried("android.net.wifi.WifiInfo", () -> screen.getSystemService(android.net.wifi.WifiManager.class).getConnectionInfo());
        tried("android.net.NetworkCapabilities", () -> net.getNetworkCapabilities(net.getActiveNetwork()));
        tried("android.nfc.Tag", () -> new android.nfc.Tag(new byte[] {4, 1}));
        tried("android.bluetooth.BluetoothDevice", () -> new android.bluetooth.BluetoothDevice(Map.of("name", "x", "address", "00:11:22:33:44:55")));
        tried("android.media.AudioRecord", () -> new android.media.AudioRecord(1, 44100, 16, 2, 4096));
        tried("android.hardware.camera2.impl.CameraDeviceImpl", () -> new android.hardware.camera2.impl.CameraDeviceImpl("0"));
        tried("android.media.ExifInterface", () -> new android.media.ExifInterface("/sdcard/DCIM/Camera/IMG_20240601_090000.jpg"));
        tried("android.media.MediaDrm", () -> new android.media.MediaDrm(new java.util.UUID(-1301668207276963122L, -6645017420763422227L)));
        tried("android.content.ContentProviderClient", () -> resolver.acquireContentProviderClient("com.android.contacts"));
        tried("android.content.ContentProviderProxy", () -> blank("android.content.ContentProviderProxy", new Class<?>[] {String.class}, "com.android.contacts"));
        tried("android.provider.Settings$NameValueCache", () -> blank("android.provider.Settings$NameValueCache", new Class<?>[] {String.class}, "secure"));
        tried("com.google.android.gms.ads.identifier.AdvertisingIdClient$Info", () -> new com.google.android.gms.ads.identifier.AdvertisingIdClient.Info("canary", false));
        tried("java.lang.Runtime", () -> Runtime.getRuntime());
        tried("java.net.NetworkInterface", () -> java.net.NetworkInterface.getByInetAddress(java.net.InetAddress.getLoopbackAddress()));
    }

    static Object blank(String cls, Class<?>[] types, Object... values) throws Throwable {
        Constructor<?> made = Out.type(cls).getDeclaredConstructor(types);
        made.setAccessible(true);
        return made.newInstance(values);
    }

    static android.app.ActivityManager.AppTask task() throws Throwable {
        return (android.app.ActivityManager.AppTask) blank("android.app.ActivityManager$AppTask", new Class<?>[] {Out.type("android.app.ActivityManager$RunningTaskInfo")}, new Object[] {null});
    }

    static void keep(String cls, Object value) {
        KEPT.put(cls, value);
    }

    private interface Maker {
        Object make() throws Throwable;
    }

    private static void tried(String cls, Maker value) {
        try {
            keep(cls, value.make());
        } catch (Throwable absent) { // Android's own classes have no such constructor, or no such service.
            android.util.Log.w("Exerciser", cls + ": " + absent);
        }
    }

    /** An object of a class: one that was kept, a system service, a singleton, or a new one. */
    static Object of(String name) throws Throwable {
        if (KEPT.containsKey(name)) return KEPT.get(name);
        Class<?> cls = Out.type(name);
        Object found = activity.getSystemService(cls);
        if (found == null) found = single(cls);
        if (found == null) found = fresh(cls);
        if (found == null) throw new InstantiationException(name);
        KEPT.put(name, found);
        return found;
    }

    private static Object single(Class<?> cls) {
        for (String way : new String[] {"getInstance", "getDefault", "getDefaultAdapter", "get"}) {
            try {
                java.lang.reflect.Method method = cls.getDeclaredMethod(way);
                if (java.lang.reflect.Modifier.isStatic(method.getModifiers())) return method.invoke(null);
            } catch (ReflectiveOperationException | RuntimeException other) {
                // No such way.
            }
        }
        return null;
    }

    private static Object fresh(Class<?> cls) throws ReflectiveOperationException {
        if (cls.isInterface() || java.lang.reflect.Modifier.isAbstract(cls.getModifiers())) {
            return Class.forName(cls.getName().replace('$', '_') + "Impl").getConstructor().newInstance();
        }
        for (Object[] with : new Object[][] {{}, {activity}}) {
            for (Constructor<?> one : cls.getDeclaredConstructors()) {
                if (one.getParameterCount() != with.length) continue;
                if (with.length == 1 && !one.getParameterTypes()[0].isInstance(with[0])) continue;
                one.setAccessible(true);
                return one.newInstance(with);
            }
        }
        return null;
    }

    static Intent intent() {
        return new Intent("com.canary.NOTHING");
    }

    static Uri uri() {
        return Uri.parse("content://com.android.contacts/contacts");
    }

    static View view() {
        return new android.widget.TextView(activity);
    }

    static android.view.MotionEvent lifted() {
        return android.view.MotionEvent.obtain(0, 0, android.view.MotionEvent.ACTION_UP, 1, 1, 0);
    }

    static Object impl() {
        android.content.Context at = activity;
        while (at instanceof android.content.ContextWrapper) at = ((android.content.ContextWrapper) at).getBaseContext();
        return at;
    }

    static android.app.job.JobInfo job() {
        return new android.app.job.JobInfo.Builder(1, new android.content.ComponentName(activity, Idle.class)).build();
    }

    static android.app.PendingIntent pending() {
        return android.app.PendingIntent.getBroadcast(activity, 0, intent(), android.app.PendingIntent.FLAG_IMMUTABLE);
    }

    static ClassLoader loader() {
        return Make.class.getClassLoader();
    }

    static java.net.HttpURLConnection http() throws java.io.IOException {
        java.net.URL address = new java.net.URL(Server.address());
        java.net.HttpURLConnection made = (java.net.HttpURLConnection) address.openConnection();
        made.setConnectTimeout(5000);
        made.setReadTimeout(5000);
        return made;
    }

    static android.widget.PopupWindow popup() {
        return new android.widget.PopupWindow(view(), 100, 100);
    }

    static android.content.SharedPreferences.Editor editor() {
        return activity.getSharedPreferences("exerciser", 0).edit();
    }

    private static boolean turned;

    /** A switch whose listener stores what it says; each second one is turned back by it. */
    static android.widget.Switch turns() {
        boolean back = turned;
        turned = !turned;
        android.widget.Switch made = new android.widget.Switch(activity);
        made.setText("turns");
        made.setOnCheckedChangeListener((button, on) -> {
            editor().putBoolean("privacy_of_switch", on);
            if (back) button.setChecked(false);
        });
        return made;
    }

    static javax.crypto.SecretKey key() {
        return new javax.crypto.spec.SecretKeySpec(new byte[16], "AES");
    }

    static javax.crypto.Mac mac() throws Exception {
        javax.crypto.Mac made = javax.crypto.Mac.getInstance("HmacSHA256");
        made.init(key());
        return made;
    }

    static javax.crypto.Cipher cipher() throws Exception {
        javax.crypto.Cipher made = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        made.init(javax.crypto.Cipher.ENCRYPT_MODE, key());
        return made;
    }

    private static javax.crypto.Cipher wrapping(int mode) throws Exception {
        javax.crypto.Cipher made = javax.crypto.Cipher.getInstance("AESWrap");
        made.init(mode, key());
        return made;
    }

    static javax.crypto.Cipher wrapper() throws Exception {
        return wrapping(javax.crypto.Cipher.WRAP_MODE);
    }

    static javax.crypto.Cipher unwrapper() throws Exception {
        return wrapping(javax.crypto.Cipher.UNWRAP_MODE);
    }

    static byte[] wrapped() throws Exception {
        return wrapper().wrap(key());
    }

    static java.util.zip.GZIPInputStream zipped() throws Exception {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(bytes)) {
            out.write(7);
        }
        return new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray()));
    }

    /** A view from which no other screen can be opened. */
    static View apart() {
        return new android.widget.TextView(new android.content.ContextWrapper(activity) {
            @Override
            public void startActivity(Intent intent) {}
        });
    }

    /** A folder of shared storage. */
    static java.nio.file.Path shared() {
        return android.os.Environment.getExternalStoragePublicDirectory("DCIM").toPath();
    }

    /** Opens a file by way of an open folder. */
    static Object relative(String folder, String file) throws java.io.IOException {
        try (java.nio.file.DirectoryStream<java.nio.file.Path> open = java.nio.file.Files.newDirectoryStream(java.nio.file.Path.of(folder))) {
            java.nio.file.SecureDirectoryStream<java.nio.file.Path> secure = (java.nio.file.SecureDirectoryStream<java.nio.file.Path>) open;
            secure.newByteChannel(java.nio.file.Path.of(file), java.util.Set.of(java.nio.file.StandardOpenOption.READ)).close();
        }
        return Out.VOID;
    }

    static java.net.http.HttpRequest request() throws java.io.IOException {
        return java.net.http.HttpRequest.newBuilder(java.net.URI.create(Server.address())).build();
    }

    static okhttp3.Request call() throws java.io.IOException {
        return new okhttp3.Request.Builder().url(Server.address()).build();
    }

    static com.squareup.okhttp.Request call2() throws java.io.IOException {
        return new com.squareup.okhttp.Request.Builder().url(Server.address()).build();
    }

    static com.android.volley.RequestQueue queue() {
        com.android.volley.RequestQueue made = new com.android.volley.RequestQueue();
        made.start();
        return made;
    }

    /** The heart rate, as devices send it. */
    static android.bluetooth.BluetoothGattCharacteristic pulse() {
        return new android.bluetooth.BluetoothGattCharacteristic(java.util.UUID.fromString("00002a37-0000-1000-8000-00805f9b34fb"), 16, 0);
    }
}
