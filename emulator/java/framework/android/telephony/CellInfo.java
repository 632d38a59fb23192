package android.telephony;

public abstract class CellInfo {
    private final boolean registered;

    CellInfo(boolean registered) {
        this.registered = registered;
    }

    public boolean isRegistered() {
        return registered;
    }

    public abstract CellIdentity getCellIdentity();
}
