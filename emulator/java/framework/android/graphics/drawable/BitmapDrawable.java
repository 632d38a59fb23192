package android.graphics.drawable;

import android.content.res.Resources;
import android.graphics.Bitmap;

public class BitmapDrawable extends Drawable.Kept {
    private final Bitmap mBitmap;

    public BitmapDrawable(Bitmap bitmap) { this(null, bitmap); }
    public BitmapDrawable(Resources res, Bitmap bitmap) { mBitmap = bitmap; }
    public BitmapDrawable(Resources res, java.io.InputStream is) { this(res, android.graphics.BitmapFactory.decodeStream(is)); }
    public final Bitmap getBitmap() { return mBitmap; }
    @Override public int getIntrinsicWidth() { return mBitmap == null ? -1 : mBitmap.getWidth(); }
    @Override public int getIntrinsicHeight() { return mBitmap == null ? -1 : mBitmap.getHeight(); }
}
