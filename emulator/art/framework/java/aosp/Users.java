package aosp;

import android.content.pm.UserInfo;
import java.util.ArrayList;
import java.util.List;

/** IUserManager: one user, unlocked. */
final class Users {
    public boolean isUserUnlocked(int user) {
        return true;
    }

    public boolean isUserUnlockingOrUnlocked(int user) {
        return true;
    }

    public boolean isUserRunning(int user) {
        return true;
    }

    public String getUserName() {
        return getUserInfo(0).name;
    }

    public UserInfo getUserInfo(int user) {
        return new UserInfo(user, "Owner", UserInfo.FLAG_PRIMARY);
    }

    public List<UserInfo> getUsers(boolean partial, boolean dying, boolean pre) {
        List<UserInfo> found = new ArrayList<>();
        found.add(getUserInfo(0));
        return found;
    }

    public List<UserInfo> getProfiles(int user, boolean enabled) {
        return getUsers(true, true, true);
    }

    public int[] getProfileIds(int user, boolean enabled) {
        return new int[] {0};
    }
}
