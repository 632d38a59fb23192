package org.example.breadth;

import android.app.Activity;
import android.app.DownloadManager;
import android.app.Notification;
import android.app.NotificationManager;
import android.content.ComponentCallbacks2;
import android.content.ContentValues;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.content.res.Configuration;
import android.content.res.TypedArray;
import android.database.Cursor;
import android.graphics.Color;
import android.graphics.Matrix;
import android.graphics.RectF;
import android.hardware.SensorManager;
import android.media.MediaPlayer;
import android.net.Uri;
import android.os.Parcelable;
import android.provider.MediaStore;
import android.text.SpannableString;
import android.text.TextUtils;
import android.util.ArraySet;
import android.util.Rational;
import android.util.SparseArray;
import android.util.Xml;
import android.view.View;
import android.view.ViewGroup;
import android.view.accessibility.AccessibilityManager;
import android.widget.BaseExpandableListAdapter;
import android.widget.ExpandableListView;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import org.xmlpull.v1.XmlPullParser;

/** More of what apps use: services by name, intents as text, XML, groups of a list, players. */
final class Extra {
    static void all(Activity activity, LinearLayout root) throws Exception {
        Intent pay = Intent.parseUri("intent://pay?x=1#Intent;scheme=shop;package=org.shop;S.k=a%20b;i.n=3;end", Intent.URI_INTENT_SCHEME);
        Main.say("intent " + pay.getDataString() + " " + pay.getStringExtra("k") + pay.getIntExtra("n", 0) + " " + pay.toUri(Intent.URI_INTENT_SCHEME));
        IntentFilter filter = new IntentFilter(Intent.ACTION_VIEW);
        filter.addDataScheme("https");
        filter.addDataAuthority("a.example", null);
        Main.say("filter " + (filter.match(Intent.ACTION_VIEW, null, "https", Uri.parse("https://a.example/"), Set.of(), "t") > 0)
                + filter.match(Intent.ACTION_VIEW, null, "https", Uri.parse("https://b.example/"), null, "t"));
        AccessibilityManager access = activity.getSystemService(AccessibilityManager.class);
        Main.say("access " + access.isEnabled() + access.isTouchExplorationEnabled());
        saved(activity);
        xml();
        groups(activity, root);
        states(activity);
        player();
        DownloadManager downloads = (DownloadManager) activity.getSystemService(Context.DOWNLOAD_SERVICE);
        long id = downloads.enqueue(new DownloadManager.Request(Uri.parse("https://a.example/f.pdf")).setTitle("f"));
        try (Cursor rows = downloads.query(new DownloadManager.Query().setFilterById(id))) {
            rows.moveToFirst();
            Main.say("download " + (rows.getInt(rows.getColumnIndex(DownloadManager.COLUMN_STATUS)) == DownloadManager.STATUS_PENDING) + downloads.remove(id));
        }
        NotificationManager notes = activity.getSystemService(NotificationManager.class);
        notes.notify(3, new Notification.Builder(activity, "c").setProgress(10, 3, false).build());
        Main.say("notes " + notes.getActiveNotifications()[0].getNotification().extras.getInt("android.progress"));
        notes.cancel(3);
        activity.getApplication().registerComponentCallbacks(new ComponentCallbacks2() {
            @Override public void onTrimMemory(int level) { Main.say("trim"); }
            @Override public void onLowMemory() {}
            @Override public void onConfigurationChanged(Configuration now) {}
        });
        activity.getApplication().onTrimMemory(5);
        Configuration french = new Configuration(activity.getResources().getConfiguration());
        french.setLocale(Locale.FRENCH);
        Main.say("configuration " + french.getLocales().get(0) + " " + french.equals(new Configuration(french)));
        float[] hsv = new float[3];
        Color.colorToHSV(0xff00ff00, hsv);
        Matrix fit = new Matrix();
        fit.setRectToRect(new RectF(0, 0, 10, 20), new RectF(0, 0, 40, 40), Matrix.ScaleToFit.CENTER);
        RectF to = new RectF(0, 0, 10, 20);
        fit.mapRect(to);
        float[] turn = new float[9];
        boolean flat = SensorManager.getRotationMatrix(turn, null, new float[] {0, 0, 9.8f}, new float[] {0, 30, -30});
        Main.say("sums " + hsv[0] + " " + to.left + " " + to.right + " " + flat + turn[0]);
        ArraySet<String> set = new ArraySet<>();
        set.add("x");
        Main.say("small " + set.valueAt(0) + (set.indexOf("y") < 0) + " " + new Rational(4, 6) + " " + TextUtils.expandTemplate("^2 of ^1", "a", "b") + new SpannableString("s").length());
    }

    private static void saved(Activity activity) throws Exception {
        ContentValues values = new ContentValues();
        values.put(MediaStore.Images.Media.DISPLAY_NAME, "receipt.jpg");
        values.put(MediaStore.Images.Media.MIME_TYPE, "image/jpeg");
        Uri made = activity.getContentResolver().insert(MediaStore.Images.Media.EXTERNAL_CONTENT_URI, values);
        try (OutputStream out = activity.getContentResolver().openOutputStream(made)) {
            out.write("picture".getBytes());
        }
        try (InputStream in = activity.getContentResolver().openInputStream(made)) {
            Main.say("saved " + new String(in.readAllBytes()));
        }
    }

    private static void xml() throws Exception {
        XmlPullParser parser = Xml.newPullParser();
        parser.setInput(new StringReader("<?xml version='1.0'?><!-- c --><a xmlns:n='u'><b n:c='1&amp;2'>t<![CDATA[<x>]]></b><d/></a>"));
        StringBuilder out = new StringBuilder();
        for (int at = parser.getEventType(); at != XmlPullParser.END_DOCUMENT; at = parser.next()) {
            if (at == XmlPullParser.START_TAG) out.append('<').append(parser.getName()).append(parser.getDepth());
            if (at == XmlPullParser.START_TAG && parser.getAttributeCount() > 0) out.append(parser.getAttributeValue("u", "c"));
            if (at == XmlPullParser.TEXT) out.append(parser.getText());
            if (at == XmlPullParser.END_TAG) out.append('/').append(parser.getName());
        }
        Main.say("xml " + out);
    }

    private static void groups(Activity activity, LinearLayout root) {
        ExpandableListView list = new ExpandableListView(activity);
        list.setAdapter(new BaseExpandableListAdapter() {
            private View text(ViewGroup in, String what) {
                TextView view = new TextView(in.getContext());
                view.setText(what);
                return view;
            }
            @Override public int getGroupCount() { return 1; }
            @Override public int getChildrenCount(int group) { return 1; }
            @Override public Object getGroup(int group) { return "g"; }
            @Override public Object getChild(int group, int child) { return "c"; }
            @Override public long getGroupId(int group) { return group; }
            @Override public long getChildId(int group, int child) { return child; }
            @Override public boolean hasStableIds() { return true; }
            @Override public View getGroupView(int group, boolean open, View old, ViewGroup in) { return text(in, "group"); }
            @Override public View getChildView(int group, int child, boolean last, View old, ViewGroup in) { return text(in, "child"); }
            @Override public boolean isChildSelectable(int group, int child) { return true; }
        });
        list.setOnChildClickListener((parent, view, group, child, id) -> {
            Main.say("child " + group + child);
            return true;
        });
        root.addView(list);
    }

    /** A view of the app's own, with a state that is kept. */
    private static void states(Activity activity) {
        TypedArray none = activity.obtainStyledAttributes(null, new int[] {android.R.attr.text}, 0, 0);
        View view = new View(activity) {
            @Override protected Parcelable onSaveInstanceState() { return new Kept(super.onSaveInstanceState()); }
            @Override protected void onRestoreInstanceState(Parcelable state) {
                super.onRestoreInstanceState(((Kept) state).getSuperState());
                Main.say("restored " + none.getFloat(0, 0.5f));
            }
        };
        view.setId(7);
        SparseArray<Parcelable> states = new SparseArray<>();
        view.saveHierarchyState(states);
        view.restoreHierarchyState(states);
    }

    private static final class Kept extends View.BaseSavedState {
        Kept(Parcelable before) { super(before); }
    }

    private static void player() throws Exception {
        MediaPlayer player = new MediaPlayer();
        try {
            player.start();
        } catch (IllegalStateException early) {
            Main.say("player early");
        }
        player.setDataSource("/none.mp3");
        player.setOnCompletionListener(done -> Main.say("played " + done.isPlaying()));
        player.setOnPreparedListener(ready -> {
            ready.start();
            ready.seekTo(950);
        });
        player.prepareAsync();
    }
}
