package android.telephony;

/** Gone from Android 9 on: the lists of these are empty. */
@Deprecated
public class NeighboringCellInfo {
    public static final int UNKNOWN_CID = -1;

    public int getLac() {
        return UNKNOWN_CID;
    }

    public int getCid() {
        return UNKNOWN_CID;
    }

    public int getRssi() {
        return UNKNOWN_CID;
    }
}
