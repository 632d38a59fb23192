package android.content;

public class OperationApplicationException extends Exception {
    private final int successes;

    public OperationApplicationException() { this((String) null); }
    public OperationApplicationException(String message) {
        super(message);
        successes = 0;
    }
    public OperationApplicationException(String message, int successes) {
        super(message);
        this.successes = successes;
    }

    public int getNumSuccessfulYieldPoints() { return successes; }
}
