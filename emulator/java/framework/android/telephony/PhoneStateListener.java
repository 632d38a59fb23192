package android.telephony;

import java.util.List;

@Deprecated
public class PhoneStateListener {
    public static final int LISTEN_NONE = 0;
    public static final int LISTEN_CELL_LOCATION = 16;
    public static final int LISTEN_CALL_STATE = 32;
    public static final int LISTEN_CELL_INFO = 1024;

    public void onCellInfoChanged(List<CellInfo> cellInfo) {}

    public void onCellLocationChanged(CellLocation location) {}

    public void onCallStateChanged(int state, String phoneNumber) {}
}
