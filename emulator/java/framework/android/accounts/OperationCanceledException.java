package android.accounts;

public class OperationCanceledException extends AccountsException {
    public OperationCanceledException() {}
    public OperationCanceledException(String message) { super(message); }
    public OperationCanceledException(Throwable cause) { super(cause); }
    public OperationCanceledException(String message, Throwable cause) { super(message, cause); }
}
