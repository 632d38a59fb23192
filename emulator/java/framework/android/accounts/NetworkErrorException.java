package android.accounts;

public class NetworkErrorException extends AccountsException {
    public NetworkErrorException() {}
    public NetworkErrorException(String message) { super(message); }
    public NetworkErrorException(Throwable cause) { super(cause); }
    public NetworkErrorException(String message, Throwable cause) { super(message, cause); }
}
