package android.text.method;

public class ScrollingMovementMethod implements MovementMethod {
    public static MovementMethod getInstance() { return new ScrollingMovementMethod(); }
    @Override public boolean canSelectArbitrarily() { return false; }
}
