package org.example.breadth;

import android.annotation.SuppressLint;
import android.app.Activity;
import android.content.res.ColorStateList;
import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Matrix;
import android.graphics.Paint;
import android.graphics.RectF;
import android.graphics.drawable.BitmapDrawable;
import android.graphics.drawable.GradientDrawable;
import android.preference.PreferenceManager;
import android.text.Html;
import android.text.Spanned;
import android.text.TextUtils;
import android.text.format.DateFormat;
import android.text.format.DateUtils;
import android.text.format.Formatter;
import android.text.style.ForegroundColorSpan;
import android.util.LongSparseArray;
import android.util.LruCache;
import android.util.Patterns;
import android.util.Range;
import android.util.SparseBooleanArray;
import android.util.TypedValue;
import android.view.Gravity;
import android.view.KeyEvent;
import android.view.View;
import android.view.animation.AccelerateInterpolator;
import android.view.animation.BounceInterpolator;
import android.view.animation.OvershootInterpolator;
import android.widget.FrameLayout;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.io.ByteArrayOutputStream;
import java.util.Date;

/** What needs no time: values in, values out. */
@SuppressLint("NewApi")
final class Values {
    static void all(Activity activity) {
        StringBuilder gone = new StringBuilder();
        LruCache<String, String> cache = new LruCache<>(4) {
            @Override protected int sizeOf(String key, String value) { return value.length(); }
            @Override protected void entryRemoved(boolean evicted, String key, String old, String now) { gone.append(key).append(evicted); }
        };
        cache.put("a", "xx");
        cache.put("b", "xx");
        cache.get("a");
        cache.put("c", "x");
        Main.say("cache " + cache.snapshot().keySet() + " " + cache.size() + " " + gone + " " + cache.evictionCount());
        SparseBooleanArray flags = new SparseBooleanArray();
        flags.put(7, true);
        LongSparseArray<String> longs = new LongSparseArray<>();
        longs.put(1L << 40, "far");
        Main.say("sparse " + flags.get(7) + flags.get(8) + flags.indexOfKey(9) + " " + longs.valueAt(0) + " " + new Range<>(1, 5).contains(5));
        Main.say("text " + TextUtils.htmlEncode("<a>") + " " + TextUtils.isGraphic(" \t") + " " + TextUtils.replace("a-b", new String[] {"-"}, new String[] {"+"}));
        Spanned html = Html.fromHtml("one<img src='p.png'>two", source -> new GradientDrawable(), null);
        ForegroundColorSpan red = new ForegroundColorSpan(Color.RED);
        Main.say("html " + html.length() + " " + (red.getForegroundColor() == Color.parseColor("#FFFF0000")) + " " + Color.alpha(0x7f000000));
        Main.say("time " + DateFormat.format("yyyy-MM-dd", new Date(0)) + " " + DateUtils.formatElapsedTime(3725) + " " + DateUtils.isToday(System.currentTimeMillis())
                + " " + Formatter.formatIpAddress(0x0100007f) + " " + Formatter.formatShortFileSize(activity, 1_500_000));
        Main.say("shapes " + new AccelerateInterpolator().getInterpolation(0.5f) + " " + new OvershootInterpolator().getInterpolation(1f) + " " + new BounceInterpolator().getInterpolation(0f));
        Main.say("patterns " + Patterns.EMAIL_ADDRESS.matcher("a.b@c.example").matches() + Patterns.WEB_URL.matcher("http://a.example/x?y").matches() + Patterns.PHONE.matcher("x").matches());
        Main.say("constants " + Gravity.FILL + " " + KeyEvent.keyCodeToString(KeyEvent.KEYCODE_VOLUME_UP) + " " + View.MeasureSpec.getMode(View.MeasureSpec.makeMeasureSpec(5, View.MeasureSpec.AT_MOST)));
        images(activity);
        views(activity);
        PreferenceManager.getDefaultSharedPreferences(activity).edit().putString("k", "v").commit();
        Main.say("preferences " + activity.getSharedPreferences(activity.getPackageName() + "_preferences", 0).getString("k", null));
    }

    private static void images(Activity activity) {
        Bitmap bitmap = Bitmap.createBitmap(40, 20, Bitmap.Config.ARGB_8888);
        Paint paint = new Paint(Paint.ANTI_ALIAS_FLAG);
        paint.setColor(0x80112233);
        new Canvas(bitmap).drawRoundRect(new RectF(0, 0, 40, 20), 4, 4, paint);
        Matrix turned = new Matrix();
        turned.postRotate(90);
        Bitmap tall = Bitmap.createBitmap(bitmap, 0, 0, 40, 20, turned, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tall.compress(Bitmap.CompressFormat.PNG, 100, out);
        BitmapFactory.Options options = new BitmapFactory.Options();
        options.inJustDecodeBounds = true;
        BitmapFactory.decodeByteArray(out.toByteArray(), 0, out.size(), options);
        Main.say("image " + options.outWidth + "x" + options.outHeight + " " + paint.isAntiAlias() + " " + paint.getAlpha()
                + " " + new BitmapDrawable(activity.getResources(), bitmap).getIntrinsicWidth() + " " + BitmapFactory.decodeByteArray(new byte[9], 0, 9));
        byte[] png = new byte[24];
        System.arraycopy(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, 0, png, 0, 4);
        png[19] = 3;
        png[23] = 2;
        Main.say("png " + BitmapFactory.decodeByteArray(png, 0, 24).getWidth());
        try {
            bitmap.getPixel(0, 0);
        } catch (UnsupportedOperationException none) {
            Main.say("no pixels: " + none.getMessage());
        }
        GradientDrawable shape = new GradientDrawable();
        shape.setCornerRadius(8f);
        shape.setColor(Color.BLUE);
        ColorStateList states = new ColorStateList(new int[][] {{android.R.attr.state_checked}, {}}, new int[] {1, 2});
        Main.say("drawn " + shape.getCornerRadius() + " " + (shape.getColor().getDefaultColor() == Color.BLUE) + " " + states.getDefaultColor() + states.getColorForState(new int[] {android.R.attr.state_checked}, 0));
    }

    private static void views(Activity activity) {
        TextView text = new TextView(activity);
        text.setTextSize(TypedValue.COMPLEX_UNIT_PX, 30);
        text.setPadding(1, 2, 3, 4);
        text.setBackgroundColor(Color.GREEN);
        text.setMaxLines(2);
        text.setTextColor(Color.BLUE);
        LinearLayout column = new LinearLayout(activity);
        column.setOrientation(LinearLayout.VERTICAL);
        column.addView(text);
        LinearLayout.LayoutParams params = (LinearLayout.LayoutParams) text.getLayoutParams();
        FrameLayout frame = new FrameLayout(activity);
        frame.addView(column, new LinearLayout.LayoutParams(5, 6, 1f));
        Main.say("view " + text.getTextSize() + " " + text.getPaddingBottom() + " " + text.getMaxLines() + " " + (text.getCurrentTextColor() == Color.BLUE)
                + " " + (text.getBackground() != null) + " " + params.width + " " + (column.getLayoutParams() instanceof FrameLayout.LayoutParams) + column.getLayoutParams().height);
    }
}
