package android.text.method;

public interface MovementMethod {
    boolean canSelectArbitrarily();
}
