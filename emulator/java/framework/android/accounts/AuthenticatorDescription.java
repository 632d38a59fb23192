package android.accounts;

public class AuthenticatorDescription {
    public final String type;
    public final String packageName;

    public AuthenticatorDescription(String type, String packageName, int labelId, int iconId, int smallIconId, int prefId) {
        this.type = type;
        this.packageName = packageName;
    }
}
