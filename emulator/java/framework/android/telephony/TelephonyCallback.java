package android.telephony;

import java.util.List;

public class TelephonyCallback {
    public interface CellInfoListener {
        void onCellInfoChanged(List<CellInfo> cellInfo);
    }

    public interface CallStateListener {
        void onCallStateChanged(int state);
    }
}
