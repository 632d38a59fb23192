package android.graphics;

public class MaskFilter {
}
