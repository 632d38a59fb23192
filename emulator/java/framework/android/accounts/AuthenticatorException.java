package android.accounts;

public class AuthenticatorException extends AccountsException {
    public AuthenticatorException() {}
    public AuthenticatorException(String message) { super(message); }
    public AuthenticatorException(Throwable cause) { super(cause); }
    public AuthenticatorException(String message, Throwable cause) { super(message, cause); }
}
