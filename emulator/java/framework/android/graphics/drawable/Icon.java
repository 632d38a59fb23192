package android.graphics.drawable;

import android.graphics.Bitmap;

public final class Icon implements android.os.Parcelable {
    public static final int TYPE_BITMAP = 1;
    public static final int TYPE_RESOURCE = 2;
    public static final int TYPE_URI = 4;
    public static final android.os.Parcelable.Creator<Icon> CREATOR = new android.os.Parcelable.Creator<Icon>() {
        @Override public Icon createFromParcel(android.os.Parcel p) { return new Icon(p.readInt(), p.readInt(), null); }
        @Override public Icon[] newArray(int size) { return new Icon[size]; }
    };
    private final int type;
    private final int id;
    private final Object given;

    private Icon(int type, int id, Object given) {
        this.type = type;
        this.id = id;
        this.given = given;
    }

    public static Icon createWithResource(android.content.Context context, int id) { return new Icon(TYPE_RESOURCE, id, null); }
    public static Icon createWithResource(String pkg, int id) { return new Icon(TYPE_RESOURCE, id, null); }
    public static Icon createWithBitmap(Bitmap bits) { return new Icon(TYPE_BITMAP, 0, bits); }
    public static Icon createWithAdaptiveBitmap(Bitmap bits) { return createWithBitmap(bits); }
    public static Icon createWithContentUri(String uri) { return new Icon(TYPE_URI, 0, uri); }
    public static Icon createWithContentUri(android.net.Uri uri) { return createWithContentUri(uri.toString()); }
    public int getType() { return type; }
    public int getResId() { return id; }
    public android.net.Uri getUri() { return android.net.Uri.parse(String.valueOf(given)); }
    public Icon setTint(int tint) { return this; }
    public Icon setTintList(android.content.res.ColorStateList tints) { return this; }
    public Drawable loadDrawable(android.content.Context context) { return type == TYPE_BITMAP ? new BitmapDrawable(context.getResources(), (Bitmap) given) : new ColorDrawable(); }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(android.os.Parcel p, int flags) {
        p.writeInt(type);
        p.writeInt(id);
    }
}
