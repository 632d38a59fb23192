package android.app;

import android.content.SharedPreferences;
import android.os.Handler;
import android.os.Looper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Preferences in an XML file with Android's element names. */
final class SharedPreferencesImpl implements SharedPreferences {
    private final File mFile;
    private final Map<String, Object> mMap = new HashMap<>();
    private final List<OnSharedPreferenceChangeListener> mListeners = new ArrayList<>();

    SharedPreferencesImpl(File file, int mode) {
        mFile = file;
        standin.Strings.readPrefs(file, mMap);
    }

    @SuppressWarnings("unchecked")
    private synchronized <T> T value(String key, T otherwise) {
        Object v = mMap.get(key);
        return v == null ? otherwise : (T) v;
    }

    @Override public synchronized Map<String, ?> getAll() { return new HashMap<>(mMap); }
    @Override public String getString(String key, String defValue) { return value(key, defValue); }
    @Override public Set<String> getStringSet(String key, Set<String> defValues) { return value(key, defValues); }
    @Override public int getInt(String key, int defValue) { return value(key, defValue); }
    @Override public long getLong(String key, long defValue) { return value(key, defValue); }
    @Override public float getFloat(String key, float defValue) { return value(key, defValue); }
    @Override public boolean getBoolean(String key, boolean defValue) { return value(key, defValue); }
    @Override public synchronized boolean contains(String key) { return mMap.containsKey(key); }
    @Override public Editor edit() { return new EditorImpl(); }
    @Override public synchronized void registerOnSharedPreferenceChangeListener(OnSharedPreferenceChangeListener l) { mListeners.add(l); }
    @Override public synchronized void unregisterOnSharedPreferenceChangeListener(OnSharedPreferenceChangeListener l) { mListeners.remove(l); }

    private synchronized boolean write() {
        StringBuilder out = new StringBuilder("<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<map>\n");
        for (Map.Entry<String, Object> e : new TreeMap<>(mMap).entrySet()) {
            String name = standin.Strings.escape(e.getKey());
            Object v = e.getValue();
            if (v instanceof String) {
                out.append("    <string name=\"").append(name).append("\">").append(standin.Strings.escape((String) v)).append("</string>\n");
            } else if (v instanceof Set) {
                out.append("    <set name=\"").append(name).append("\">\n");
                for (Object one : (Set<?>) v) out.append("        <string>").append(standin.Strings.escape(String.valueOf(one))).append("</string>\n");
                out.append("    </set>\n");
            } else {
                String type = v instanceof Integer ? "int" : v instanceof Long ? "long" : v instanceof Float ? "float" : "boolean";
                out.append("    <").append(type).append(" name=\"").append(name).append("\" value=\"").append(v).append("\" />\n");
            }
        }
        try {
            Files.write(mFile.toPath(), out.append("</map>\n").toString().getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public final class EditorImpl implements Editor {
        private final Map<String, Object> mModified = new HashMap<>();
        private boolean mClear;

        @Override public Editor putString(String key, String value) { mModified.put(key, value); return this; }
        @Override public Editor putStringSet(String key, Set<String> values) { mModified.put(key, values == null ? null : new HashSet<>(values)); return this; }
        @Override public Editor putInt(String key, int value) { mModified.put(key, value); return this; }
        @Override public Editor putLong(String key, long value) { mModified.put(key, value); return this; }
        @Override public Editor putFloat(String key, float value) { mModified.put(key, value); return this; }
        @Override public Editor putBoolean(String key, boolean value) { mModified.put(key, value); return this; }
        @Override public Editor remove(String key) { mModified.put(key, null); return this; }
        @Override public Editor clear() { mClear = true; return this; }
        @Override public void apply() {
            Runnable changed = commitToMemory();
            write();
            changed.run();
        }
        @Override public boolean commit() {
            Runnable changed = commitToMemory();
            boolean written = write();
            changed.run();
            return written;
        }

        /** What tells the listeners: at once on the main thread, else there, of the last change first. */
        private Runnable commitToMemory() {
            List<OnSharedPreferenceChangeListener> listeners;
            List<String> keys = new ArrayList<>();
            synchronized (SharedPreferencesImpl.this) {
                boolean cleared = mClear && !mMap.isEmpty() && standin.Device.targetSdk() >= 30;
                if (mClear) mMap.clear();
                mClear = false;
                for (Map.Entry<String, Object> e : mModified.entrySet()) {
                    if (!java.util.Objects.equals(mMap.get(e.getKey()), e.getValue())) keys.add(0, e.getKey());
                    if (e.getValue() == null) mMap.remove(e.getKey());
                    else mMap.put(e.getKey(), e.getValue());
                    standin.Device.note("prefs", "file", mFile.getName(), "key", e.getKey());
                }
                if (cleared) keys.add(0, null);
                listeners = new ArrayList<>(mListeners);
                mModified.clear();
            }
            Runnable tell = () -> {
                for (String key : keys) for (OnSharedPreferenceChangeListener l : listeners) l.onSharedPreferenceChanged(SharedPreferencesImpl.this, key);
            };
            if (Looper.getMainLooper().isCurrentThread()) return tell;
            return () -> new Handler(Looper.getMainLooper()).post(tell);
        }
    }
}
