package android.telephony;

import standin.Device;

public abstract class CellIdentity {
    public CharSequence getOperatorAlphaLong() {
        return Device.getString("telephony.network_operator_name");
    }

    public CharSequence getOperatorAlphaShort() {
        return Device.getString("telephony.network_operator_name");
    }
}
