package com.example.app;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Objects of all kinds that rows keep something of, given to methods and got back. */
public class Kinds {
    static int asked = 0;

    /** The app's own code: no recorder may call it. */
    static class OwnList extends AbstractList<String> {
        @Override public int size() { asked++; return 3; }
        @Override public String get(int i) { asked++; return "own"; }
    }
    static class OwnFile extends java.io.File {
        OwnFile() { super("/own"); }
        @Override public String getPath() { asked++; return "/asked"; }
        @Override public String toString() { asked++; return "/asked"; }
    }
    static class Own implements CharSequence {
        @Override public int length() { asked++; return 1; }
        @Override public char charAt(int i) { asked++; return 'o'; }
        @Override public CharSequence subSequence(int a, int b) { asked++; return this; }
        @Override public String toString() { asked++; return "own"; }
    }

    static Object count(Object a) { return a; }
    static Object length(Object a) { return a; }
    static Object text(Object a) { return a; }
    static Object kind(Object a) { return a; }
    static Object bytes(Object a) { return a; }
    static Object authority(Object a) { return a; }
    static Object path(Object a) { return a; }
    static Object intent(Object a) { return a; }
    static Object component(Object a) { return a; }
    static Object target(Object a) { return a; }
    static Object permissions(Object a) { return a; }
    static Object file(Object a) { return a; }
    static Object url(Object a) { return a; }
    static Object packages(Object a) { return a; }
    static Object accounts(Object a) { return a; }
    static Object fields(Object a) { return a; }
    static Object places(Object a) { return a; }
    static Object network(Object a) { return a; }
    static byte[] raw(byte[] a) { if (a != null && a.length > 0) a[0]++; return a; }
    static List<Object> emptied(List<Object> a) { List<Object> was = new ArrayList<>(a); a.clear(); return was; }
    static Object thrown(Object a) { throw new IllegalStateException("no " + (a == null)); }
    static int pick(int a, String b) { return a; }
    static String named(String a, boolean b) { return a; }
    static Object aimed(Object a, long b) { return a; }
    String own(String a) { return nested(a); }
    String nested(String a) { return a; }

    /** A cursor. */
    static class Table {
        String cell(int i) { return i % 3 == 0 ? null : i % 3 == 1 ? "id" : "value " + i; }
    }
    static Table personal() { return new Table(); }
    static Table others() { return new Table(); }
    static void truth(String key, boolean value) { }
    static void number(String key, int value) { }
    static void put(String key, String value) { }

    /** The example of the TCF's specification, which consents to purposes 1 to 3. */
    static final String TC = "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBA";

    static void watched() {
        Table mine = personal(), other = others();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 50; i++) out.append(other.cell(i)).append(mine.cell(i));
        for (String key : new String[] {null, "", "volume", "user_CONSENT", "PrivacyShown", "IABTCF_TCString", "IABTCF_PurposeConsents", "IABGPP_X", "IABX", "optin", "personalised", "con\u017fent"}) {
            truth(key, true); number(key, 3); put(key, key != null && key.endsWith("TCString") ? TC : "1010");
        }
        System.out.println(out.length());
    }

    /** Nanoseconds of one call. */
    static long cost(String name, int calls) throws Exception {
        Object uri = make("android.net.Uri", "parse", new Class<?>[] {String.class}, "content://com.android.contacts/data/1");
        Object intent = Class.forName("android.content.Intent").getConstructor(String.class).newInstance("act.A");
        List<Object> list = new ArrayList<>(List.of("a", "b"));
        String[] names = {"p.A", "p.B"};
        byte[] some = new byte[32];
        Object file = new java.io.File("/a/b");
        List<Object> packs = new ArrayList<>();
        for (int i = 0; i < 24; i++) packs.add(with("android.content.pm.PackageInfo", "packageName", "com.many" + i));
        Object here = new android.location.Location(31.2304, -121.4737), wifi = new android.net.wifi.WifiInfo("\"home\"", "0a:00:00:00:00:02", "");
        Table table = others();
        Kinds own = new Kinds();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++)
            switch (name) {
                case "nested": own.nested("text"); break;
                case "count": count(list); break;
                case "length": length("text"); break;
                case "bytes": bytes(some); break;
                case "authority": authority(uri); break;
                case "intent": intent(intent); break;
                case "target": target(intent); break;
                case "permissions": permissions(names); break;
                case "file": file(file); break;
                case "url": url("https://shop.invalid/a"); break;
                case "kind": kind(list); break;
                case "named": named("com.other", true); break;
                case "packages": packages(packs); break;
                case "places": places(here); break;
                case "network": network(wifi); break;
                case "cell": table.cell(1); break;
                case "truth": truth("volume", true); break;
                default: throw new IllegalArgumentException(name);
            }
        return (System.nanoTime() - start) / calls;
    }

    static Object make(String cls, String how, Class<?>[] types, Object... args) throws Exception {
        Class<?> c = Class.forName(cls);
        return how.isEmpty() ? c.getConstructor(types).newInstance(args) : c.getMethod(how, types).invoke(null, args);
    }

    static List<Object> all() throws Exception {
        Class<?>[] text = {String.class};
        List<Object> out = new ArrayList<>(Arrays.asList(
            null, "", "text", "a\u0000b", "\ud83d\ude00 \ud800 x", "x".repeat(5000), 7, -1L, true, 'c', new StringBuilder("built"),
            List.of(), List.of("a", "b"), new ArrayList<>(Arrays.asList("a", null, 3)), java.util.Map.of("k", "v"), new java.util.HashSet<>(List.of(1)),
            new byte[0], new byte[] {1, -2, 3}, new byte[64], new byte[65], new byte[70000], new int[4], new String[] {"p.A", "p.B"}, new String[] {null, ""},
            new Object[] {new Own(), 5}, new byte[2][3], new OwnList(), new OwnList[1], new Own(), new OwnFile(), new java.io.File("/a/b"),
            java.nio.file.Path.of("/c", "d"), new java.net.URL("https://u@Host.Example:8443/x?y#z"), java.net.InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
            "https://Shop.invalid/a", new Object(), Kinds.class, Arrays.asList("x".repeat(200), "y".repeat(200), "z".repeat(200))));
        out.add(make("android.net.Uri", "parse", text, "content://com.android.contacts/data/1"));
        out.add(make("android.net.Uri", "parse", text, "mailto:x"));
        Object name = make("android.content.ComponentName", "", new Class<?>[] {String.class, String.class}, "com.other", "com.other.Main");
        out.add(name);
        Class<?> c = Class.forName("android.content.Intent");
        Object whole = c.getConstructor(String.class).newInstance("act.A");
        c.getMethod("setComponent", name.getClass()).invoke(whole, name);
        Object named = c.getConstructor(String.class).newInstance("act.B");
        c.getMethod("setPackage", String.class).invoke(named, "com.named");
        out.addAll(Arrays.asList(whole, named, c.getConstructor(String.class).newInstance("act.C"), c.getConstructor().newInstance()));
        Object bundle = make("android.os.Bundle", "", new Class<?>[0]);
        bundle.getClass().getMethod("putString", String.class, String.class).invoke(bundle, "k", "v");
        out.addAll(Arrays.asList(bundle, make("android.os.Bundle", "", new Class<?>[0])));
        out.addAll(held());
        return out;
    }

    static Object with(String cls, String field, Object value) throws Exception {
        Object made = make(cls, "", new Class<?>[0]);
        made.getClass().getField(field).set(made, value);
        return made;
    }

    /** Objects that hold values, and lists of them. */
    static List<Object> held() throws Exception {
        Class<?>[] two = {String.class, String.class};
        Object pack = with("android.content.pm.PackageInfo", "packageName", "com.one"), app = with("android.content.pm.ApplicationInfo", "packageName", "com.two");
        Object account = make("android.accounts.Account", "", two, "me@shop.invalid", "shop"), scan = with("android.net.wifi.ScanResult", "BSSID", "0a:00:00:00:00:01");
        Object sim = new android.telephony.SubscriptionInfo("8986", "+86138"), bare = new android.telephony.SubscriptionInfo("", null);
        Object here = new android.location.Location(31.2304, -121.4737), there = new android.location.Location(1e-7, 0);
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) many.add(with("android.content.pm.PackageInfo", "packageName", "com.many" + i));
        return new ArrayList<>(Arrays.asList(pack, app, account, scan, sim, bare, here, List.of(pack, app), many, List.of(account, "x"), new Object[] {account, null}, List.of(sim, bare, scan),
            List.of(here, there), new android.net.wifi.WifiInfo("\"home\"", "0a:00:00:00:00:02", "02:00:00:00:00:00"), new android.net.wifi.WifiInfo("<unknown ssid>", null, ""),
            new android.net.wifi.WifiInfo("\"", "\"\"", "\"a\"b\"")));
    }

    static String said(Object got) {
        return got == null ? "null" : got instanceof byte[] ? Arrays.toString(Arrays.copyOf((byte[]) got, 3)) : got.getClass().getName();
    }

    static void each(Object one) {
        StringBuilder out = new StringBuilder();
        for (Object got : new Object[] {count(one), length(one), text(one), kind(one), bytes(one), authority(one), path(one), intent(one),
                component(one), target(one), permissions(one), file(one), url(one), aimed(one, 5L), packages(one),
                accounts(one), fields(one), places(one), network(one)})
            out.append(got == one ? "" : "changed ");
        try { thrown(one); } catch (IllegalStateException e) { out.append(e.getMessage()); }
        System.out.println(out.append(' ').append(said(one)));
    }

    static void round() throws Exception {
        for (Object one : all()) each(one);
        for (byte[] one : new byte[][] {null, {}, {5, 6}, new byte[65]}) System.out.println(said(raw(one)));
        System.out.println(emptied(new ArrayList<>(Arrays.asList(1, 2, 3))).size() + " " + emptied(new ArrayList<>()).size());
        int sum = 0;
        for (int i = 0; i < 4; i++) sum += pick(i * 7 - 7, "id" + i);
        for (String one : new String[] {null, "", "android", "com.android.x", "com.huawei.hwid", "other", "a*b", "aXXbYYc", "abc", "ab", "aab"}) sum += String.valueOf(named(one, one == null)).length();
        System.out.println(sum + " " + new Kinds().own("o") + " asked " + asked);
    }
}
