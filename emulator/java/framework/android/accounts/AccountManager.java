package android.accounts;

import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import standin.Canary;
import standin.Device;
import standin.Later;
import standin.Read;

/** Since level 26 an app sees only its own accounts and those chosen by the user: here its own. */
public class AccountManager {
    public static final String KEY_ACCOUNT_NAME = "authAccount";
    public static final String KEY_ACCOUNT_TYPE = "accountType";
    public static final String KEY_AUTHTOKEN = "authtoken";
    public static final String KEY_INTENT = "intent";
    public static final String KEY_PASSWORD = "password";
    public static final String KEY_ERROR_CODE = "errorCode";
    public static final String KEY_ERROR_MESSAGE = "errorMessage";
    public static final String KEY_BOOLEAN_RESULT = "booleanResult";
    public static final String ACTION_AUTHENTICATOR_INTENT = "android.accounts.AccountAuthenticator";
    public static final String LOGIN_ACCOUNTS_CHANGED_ACTION = "android.accounts.LOGIN_ACCOUNTS_CHANGED";
    private static final String CLS = "android.accounts.AccountManager";
    private static final String PASSWORD = "password";
    /** Those that the app added itself, with password and data. */
    private static final Map<Account, Map<String, String>> OWN = new ConcurrentHashMap<>();
    private static final Map<OnAccountsUpdateListener, Handler> LISTENERS = new ConcurrentHashMap<>();

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
        for (Account one : own(type)) if (!found.contains(one)) found.add(one);
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

    public AccountManagerFuture<Account[]> getAccountsByTypeAndFeatures(
            String type, String[] features, AccountManagerCallback<Account[]> callback, Handler handler) {
        Canary.done("account_manager.get_accounts_by_type_and_features", "accounts", CLS, "getAccountsByTypeAndFeatures");
        return new Answer<>(() -> own(type), callback, handler);
    }

    public AccountManagerFuture<Bundle> getAuthToken(
            Account account, String type, boolean notify, AccountManagerCallback<Bundle> callback, Handler handler) {
        return getAuthToken(account, type, null, notify, callback, handler);
    }

    public AccountManagerFuture<Bundle> getAuthToken(Account account, String type, Bundle options, Activity activity,
            AccountManagerCallback<Bundle> callback, Handler handler) {
        return getAuthToken(account, type, options, false, callback, handler);
    }

    public AccountManagerFuture<Bundle> getAuthToken(Account account, String type, Bundle options, boolean notify,
            AccountManagerCallback<Bundle> callback, Handler handler) {
        Canary.done("account_manager.get_auth_token", "accounts", CLS, "getAuthToken");
        return new Answer<>(() -> {
            Bundle given = new Bundle();
            given.putString(KEY_ACCOUNT_NAME, account.name);
            given.putString(KEY_ACCOUNT_TYPE, account.type);
            given.putString(KEY_AUTHTOKEN, "canary account_manager.get_auth_token");
            return given;
        }, callback, handler);
    }

    /** No authenticator but the app's own serves it: nobody to ask. */
    public AccountManagerFuture<Bundle> addAccount(String type, String tokenType, String[] features, Bundle options, Activity activity,
            AccountManagerCallback<Bundle> callback, Handler handler) {
        return new Answer<>(() -> {
            throw new AuthenticatorException("bind failure");
        }, callback, handler);
    }

    public boolean addAccountExplicitly(Account account, String password, Bundle userdata) {
        Map<String, String> data = new HashMap<>();
        if (userdata != null) for (String key : userdata.keySet()) data.put(key, userdata.getString(key));
        data.put(PASSWORD, password);
        boolean added = OWN.putIfAbsent(account, data) == null;
        if (added) told();
        return added;
    }

    public boolean removeAccountExplicitly(Account account) {
        boolean removed = OWN.remove(account) != null;
        if (removed) told();
        return removed;
    }

    private static Map<String, String> data(Account account) { return OWN.getOrDefault(account, new HashMap<>()); }
    public String getPassword(Account account) { return data(account).get(PASSWORD); }
    public void setPassword(Account account, String password) { data(account).put(PASSWORD, password); }
    public void clearPassword(Account account) { setPassword(account, null); }
    public String getUserData(Account account, String key) { return data(account).get(key); }
    public void setUserData(Account account, String key, String value) { data(account).put(key, value); }
    public String peekAuthToken(Account account, String type) { return data(account).get("token/" + type); }
    public void setAuthToken(Account account, String type, String token) { data(account).put("token/" + type, token); }
    public void invalidateAuthToken(String type, String token) { for (Map<String, String> one : OWN.values()) one.values().remove(token); }
    public AuthenticatorDescription[] getAuthenticatorTypes() { return new AuthenticatorDescription[0]; }

    public void addOnAccountsUpdatedListener(OnAccountsUpdateListener listener, Handler handler, boolean updateImmediately) {
        LISTENERS.put(listener, handler != null ? handler : new Handler(Looper.getMainLooper()));
        if (updateImmediately) tell(listener);
    }

    public void removeOnAccountsUpdatedListener(OnAccountsUpdateListener listener) {
        if (LISTENERS.remove(listener) == null) throw new IllegalStateException("Listener was not previously added");
    }

    private static void told() {
        for (OnAccountsUpdateListener one : LISTENERS.keySet()) tell(one);
    }

    private static void tell(OnAccountsUpdateListener listener) {
        LISTENERS.get(listener).post(() -> listener.onAccountsUpdated(own(null)));
    }

    private static Account[] own(String type) {
        return OWN.keySet().stream().filter(one -> type == null || type.equals(one.type)).toArray(Account[]::new);
    }

    public static Intent newChooseAccountIntent(Account selected, List<Account> allowed, String[] types, String description,
            String tokenType, String[] features, Bundle options) {
        return new Intent().setClassName("android", "android.accounts.ChooseTypeAndAccountActivity");
    }

    /** The service's answer: the callback is posted, and who waits for it on the main thread is refused. */
    private static final class Answer<V> extends FutureTask<V> implements AccountManagerFuture<V> {
        private final AccountManagerCallback<V> callback;
        private final Handler handler;

        Answer(Callable<V> ask, AccountManagerCallback<V> callback, Handler handler) {
            super(ask);
            this.callback = callback;
            this.handler = handler != null ? handler : new Handler(Looper.getMainLooper());
            Later.binder(this);
        }

        @Override
        protected void done() {
            if (callback != null) handler.post(() -> callback.run(this));
        }

        @Override
        public V getResult() throws OperationCanceledException, IOException, AuthenticatorException {
            return getResult(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }

        @Override
        public V getResult(long timeout, TimeUnit unit) throws OperationCanceledException, IOException, AuthenticatorException {
            if (!isDone() && Looper.getMainLooper().isCurrentThread()) {
                throw new IllegalStateException("calling this from your main thread can lead to deadlock");
            }
            try {
                return get(timeout, unit);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof AuthenticatorException) throw (AuthenticatorException) failed.getCause();
                throw new AuthenticatorException(failed.getCause());
            } catch (CancellationException | TimeoutException | InterruptedException none) {
                throw new OperationCanceledException();
            }
        }
    }
}
