package android.webkit;

public class ConsoleMessage {
    public enum MessageLevel { TIP, LOG, WARNING, ERROR, DEBUG }

    private final String mMessage;
    private final String mSource;
    private final int mLine;
    private final MessageLevel mLevel;

    public ConsoleMessage(String message, String sourceId, int lineNumber, MessageLevel msgLevel) {
        mMessage = message;
        mSource = sourceId;
        mLine = lineNumber;
        mLevel = msgLevel;
    }
    public String message() { return mMessage; }
    public String sourceId() { return mSource; }
    public int lineNumber() { return mLine; }
    public MessageLevel messageLevel() { return mLevel; }
}
