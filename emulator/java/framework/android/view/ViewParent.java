package android.view;

public interface ViewParent {
    ViewParent getParent();

    void requestLayout();

    default void requestDisallowInterceptTouchEvent(boolean disallow) {}

    default void bringChildToFront(View child) {}

    default void childDrawableStateChanged(View child) {}

    default void clearChildFocus(View child) {}

    default int getLayoutDirection() { return 0; }
}
