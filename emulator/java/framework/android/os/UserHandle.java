package android.os;

public final class UserHandle implements Parcelable {
    public static final int USER_SYSTEM = 0;
    public static final UserHandle SYSTEM = new UserHandle(0);
    public static final UserHandle CURRENT = new UserHandle(-2);
    public static final UserHandle ALL = new UserHandle(-1);
    final int mHandle;

    public UserHandle(int userId) {
        mHandle = userId;
    }

    public static UserHandle of(int userId) { return new UserHandle(userId); }
    public static int myUserId() { return getUserId(Process.myUid()); }
    public static int getUserId(int uid) { return uid / 100000; }
    public static int getAppId(int uid) { return uid % 100000; }
    public static UserHandle getUserHandleForUid(int uid) { return of(getUserId(uid)); }
    public int getIdentifier() { return mHandle; }
    @Override public int describeContents() { return 0; }
    @Override public void writeToParcel(Parcel dest, int flags) { dest.writeInt(mHandle); }
    @Override public boolean equals(Object o) { return o instanceof UserHandle && ((UserHandle) o).mHandle == mHandle; }
    @Override public int hashCode() { return mHandle; }
    @Override public String toString() { return "UserHandle{" + mHandle + "}"; }
}
