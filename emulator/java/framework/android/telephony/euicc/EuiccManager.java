package android.telephony.euicc;

import android.content.Context;
import standin.Read;

public class EuiccManager {
    private static final String CLS = "android.telephony.euicc.EuiccManager";

    public EuiccManager(Context context) {}

    public boolean isEnabled() {
        return true;
    }

    public String getEid() {
        Read.need("eid", CLS, "getEid", "android.permission.READ_PRIVILEGED_PHONE_STATE");
        return Read.text("eid", CLS, "getEid", "telephony.eid");
    }
}
