package android.accounts;

import android.content.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import standin.Device;
import standin.Read;

/** Since level 26 an app sees only its own accounts and those chosen by the user: here none. */
public class AccountManager {
    private static final String CLS = "android.accounts.AccountManager";

    public AccountManager(Context context) {}

    public static AccountManager get(Context context) {
        return (AccountManager) context.getSystemService(Context.ACCOUNT_SERVICE);
    }

    private static Account[] seen(String method, String type) {
        List<Account> found = new ArrayList<>();
        boolean closed = Device.sdk() >= 26 && Device.targetSdk() >= 26;
        if (!closed) Read.need("accounts", CLS, method, "android.permission.GET_ACCOUNTS");
        for (Object item : closed ? List.of() : Device.getList("accounts")) {
            Map<?, ?> row = (Map<?, ?>) item;
            if (type == null || type.equals(row.get("type"))) found.add(new Account(Read.text(row.get("name")), Read.text(row.get("type"))));
        }
        return Read.give("accounts", CLS, method, found.toArray(new Account[0]));
    }

    public Account[] getAccounts() {
        return getAccountsAsUser(0);
    }

    /** Hidden in the public API. */
    public Account[] getAccountsAsUser(int userId) {
        return seen("getAccounts", null);
    }

    public Account[] getAccountsByType(String type) {
        return getAccountsByTypeAsUser(type, android.os.Process.myUserHandle());
    }

    /** Hidden in the public API. */
    public Account[] getAccountsByTypeAsUser(String type, android.os.UserHandle user) {
        return seen("getAccountsByType", type);
    }

    public Account[] getAccountsByTypeForPackage(String type, String packageName) {
        return seen("getAccountsByTypeForPackage", type);
    }

    public android.accounts.AccountManagerFuture getAccountsByTypeAndFeatures(java.lang.String a0, java.lang.String[] a1, android.accounts.AccountManagerCallback a2, android.os.Handler a3) { return standin.Canary.give("account_manager.get_accounts_by_type_and_features", "accounts", "android.accounts.AccountManager", "getAccountsByTypeAndFeatures", android.accounts.AccountManagerFuture.class); }
    public android.accounts.AccountManagerFuture getAuthToken(android.accounts.Account a0, java.lang.String a1, boolean a2, android.accounts.AccountManagerCallback a3, android.os.Handler a4) { return standin.Canary.give("account_manager.get_auth_token", "accounts", "android.accounts.AccountManager", "getAuthToken", android.accounts.AccountManagerFuture.class); }
    public android.accounts.AccountManagerFuture getAuthToken(android.accounts.Account a0, java.lang.String a1, android.os.Bundle a2, android.app.Activity a3, android.accounts.AccountManagerCallback a4, android.os.Handler a5) { return standin.Canary.give("account_manager.get_auth_token", "accounts", "android.accounts.AccountManager", "getAuthToken", android.accounts.AccountManagerFuture.class); }
    public android.accounts.AccountManagerFuture getAuthToken(android.accounts.Account a0, java.lang.String a1, android.os.Bundle a2, boolean a3, android.accounts.AccountManagerCallback a4, android.os.Handler a5) { return standin.Canary.give("account_manager.get_auth_token", "accounts", "android.accounts.AccountManager", "getAuthToken", android.accounts.AccountManagerFuture.class); }
}
