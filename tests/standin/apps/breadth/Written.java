package org.example.breadth;

import android.app.Activity;
import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import android.database.sqlite.SQLiteQueryBuilder;
import android.media.RingtoneManager;
import android.util.JsonReader;
import android.util.JsonWriter;
import android.widget.LinearLayout;
import android.widget.TabHost;
import android.widget.TextView;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;

/** JSON in streams, queries in parts, tabs. */
final class Written {
    static void all(Activity activity, LinearLayout root) {
        try {
            StringWriter text = new StringWriter();
            JsonWriter out = new JsonWriter(text);
            out.beginObject().name("a").value("x\"y").name("b").beginArray().value(1).value(2.5).nullValue().endArray().name("c").value(true).endObject().close();
            JsonReader in = new JsonReader(new StringReader(text.toString()));
            in.beginObject();
            String name = in.nextName() + in.nextString() + in.nextName();
            in.beginArray();
            int one = in.nextInt();
            in.skipValue();
            String token = in.peek().name();
            in.nextNull();
            in.endArray();
            in.nextName();
            in.skipValue();
            in.endObject();
            Main.say("json " + text + " " + name + one + token + in.peek());
            in.nextInt();
        } catch (IOException | IllegalStateException bad) {
            Main.say("json " + bad.getMessage());
        }
        try (SQLiteDatabase db = SQLiteDatabase.create(null)) {
            db.execSQL("create table t (n integer, w text)");
            db.execSQL("insert into t values (1, 'one'), (2, 'two'), (3, 'three')");
            SQLiteQueryBuilder query = new SQLiteQueryBuilder();
            query.setTables("t");
            query.setProjectionMap(Map.of("word", "w AS word"));
            query.appendWhere("n > 1");
            try (Cursor found = query.query(db, new String[] {"word"}, "n < ?", new String[] {"3"}, null, null, "n DESC")) {
                Main.say("query " + found.getCount() + " " + (found.moveToFirst() ? found.getString(0) : ""));
            }
        }
        Main.say("sound " + RingtoneManager.getDefaultUri(RingtoneManager.TYPE_NOTIFICATION));
        TabHost tabs = new TabHost(activity);
        tabs.setup();
        for (String label : new String[] {"news", "places"}) {
            tabs.addTab(tabs.newTabSpec(label).setIndicator(label).setContent(tag -> {
                TextView page = new TextView(activity);
                page.setText("tab " + tag);
                return page;
            }));
        }
        tabs.setOnTabChangedListener(tag -> Main.say("tab " + tag + " " + tabs.getCurrentTab()));
        root.addView(tabs);
    }
}
