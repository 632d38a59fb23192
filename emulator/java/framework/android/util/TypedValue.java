package android.util;

public class TypedValue {
    public static final int COMPLEX_UNIT_PX = 0;
    public static final int COMPLEX_UNIT_DIP = 1;
    public static final int COMPLEX_UNIT_SP = 2;

    public int type;
    public int data;
    public int resourceId;
    public CharSequence string;

    public static float applyDimension(int unit, float value, DisplayMetrics metrics) {
        switch (unit) {
            case COMPLEX_UNIT_DIP: return value * metrics.density;
            case COMPLEX_UNIT_SP: return value * metrics.scaledDensity;
            case COMPLEX_UNIT_PT: return value * metrics.xdpi / 72;
            case COMPLEX_UNIT_IN: return value * metrics.xdpi;
            case COMPLEX_UNIT_MM: return value * metrics.xdpi / 25.4f;
            default: return value;
        }
    }
    public int assetCookie;
    public int density;
    public int changingConfigurations;

    public final float getFloat() { return Float.intBitsToFloat(data); }
    public void setTo(TypedValue o) {
        type = o.type;
        data = o.data;
        resourceId = o.resourceId;
        string = o.string;
    }
    public boolean isColorType() { return type >= 28 && type <= 31; }
    public final CharSequence coerceToString() { return string != null ? string : Integer.toString(data); }
    public int getComplexUnit() { return data & 15; }
    public static float complexToFloat(int complex) { return (complex & 0xffffff00) * new float[] {1f / 256, 1f / 32768, 1f / 8388608, 1f / 2147483648f}[complex >> 4 & 3]; }
    public static float complexToDimension(int data, DisplayMetrics metrics) { return applyDimension(data & 15, complexToFloat(data), metrics); }
    public static int complexToDimensionPixelOffset(int data, DisplayMetrics metrics) { return (int) complexToDimension(data, metrics); }
    public static int complexToDimensionPixelSize(int data, DisplayMetrics metrics) { return Math.round(complexToDimension(data, metrics)); }
    public float getDimension(DisplayMetrics metrics) { return complexToDimension(data, metrics); }
}
