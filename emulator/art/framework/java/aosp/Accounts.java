package aosp;

import android.accounts.Account;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** IAccountManager. */
final class Accounts {
    public Account[] getAccountsAsUser(String type, int user, String caller) {
        List<Account> found = new ArrayList<>();
        if (Link.there()) return new Account[0];  // since level 26 an app sees its own, and those that the user chose
        JSONArray state = State.array("accounts");
        for (int at = 0; at < state.length(); at++) {
            JSONObject one = state.optJSONObject(at);
            if (type == null || type.equals(one.optString("type"))) found.add(new Account(one.optString("name"), one.optString("type")));
        }
        return found.toArray(new Account[0]);
    }

    public Account[] getAccountsByTypeForPackage(String type, String owner, String caller) {
        return getAccountsAsUser(type, 0, caller);
    }

    public Account[] getAccountsForPackage(String owner, int uid, String caller) {
        return getAccountsAsUser(null, 0, caller);
    }
}
