package android.accounts;

public class AccountsException extends Exception {
    public AccountsException() {}
    public AccountsException(String message) { super(message); }
    public AccountsException(Throwable cause) { super(cause); }
    public AccountsException(String message, Throwable cause) { super(message, cause); }
}
