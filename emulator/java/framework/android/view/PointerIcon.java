package android.view;

public final class PointerIcon {
    public static final int TYPE_ARROW = 1000;
    public static final int TYPE_HAND = 1002;

    private PointerIcon() {}

    public static PointerIcon getSystemIcon(android.content.Context context, int type) { return new PointerIcon(); }
}
