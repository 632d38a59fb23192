package android.content.res;

/** Of no theme and no layout: each value is its default. */
public class TypedArray implements AutoCloseable {
    private final Resources resources;
    private final int length;

    TypedArray(Resources resources, int length) {
        this.resources = resources;
        this.length = length;
    }

    public int length() { return length; }
    public int getIndexCount() { return 0; }
    public int getIndex(int at) { throw new ArrayIndexOutOfBoundsException(at); }
    public Resources getResources() { return resources; }
    public CharSequence getText(int index) { return null; }
    public CharSequence[] getTextArray(int index) { return null; }
    public String getString(int index) { return null; }
    public String getNonResourceString(int index) { return null; }
    public boolean getBoolean(int index, boolean otherwise) { return otherwise; }
    public int getInt(int index, int otherwise) { return otherwise; }
    public int getInteger(int index, int otherwise) { return otherwise; }
    public float getFloat(int index, float otherwise) { return otherwise; }
    public int getColor(int index, int otherwise) { return otherwise; }
    public ColorStateList getColorStateList(int index) { return null; }
    public float getDimension(int index, float otherwise) { return otherwise; }
    public int getDimensionPixelSize(int index, int otherwise) { return otherwise; }
    public int getDimensionPixelOffset(int index, int otherwise) { return otherwise; }
    public int getLayoutDimension(int index, int otherwise) { return otherwise; }
    public float getFraction(int index, int base, int pbase, float otherwise) { return otherwise; }
    public int getResourceId(int index, int otherwise) { return otherwise; }
    public android.graphics.drawable.Drawable getDrawable(int index) { return null; }
    public android.graphics.Typeface getFont(int index) { return null; }
    public boolean hasValue(int index) { return false; }
    public boolean hasValueOrEmpty(int index) { return false; }
    public boolean getValue(int index, android.util.TypedValue out) { return false; }
    public android.util.TypedValue peekValue(int index) { return null; }
    public int getType(int index) { return 0; }
    public String getPositionDescription() { return ""; }
    public int getChangingConfigurations() { return 0; }
    public void recycle() {}
    @Override public void close() {}
}
