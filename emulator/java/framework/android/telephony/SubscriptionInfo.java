package android.telephony;

import standin.Device;

public class SubscriptionInfo {
    SubscriptionInfo() {}

    public int getSubscriptionId() {
        return 1;
    }

    public int getSimSlotIndex() {
        return 0;
    }

    /** Empty for ordinary apps since level 30. */
    public String getIccId() {
        return Device.sdk() >= 30 ? "" : Device.getString("telephony.iccid");
    }

    public String getNumber() {
        boolean open = Device.targetSdk() < 30 || Device.hasPermission("android.permission.READ_PHONE_NUMBERS");
        return open ? Device.getString("telephony.phone_no") : "";
    }

    public CharSequence getCarrierName() {
        return Device.getString("telephony.sim_operator_name");
    }

    public CharSequence getDisplayName() {
        return getCarrierName();
    }

    public String getCountryIso() {
        return Device.getString("telephony.sim_country");
    }

    @Deprecated
    public int getMcc() {
        return Integer.parseInt(Device.getString("telephony.sim_operator").substring(0, 3));
    }

    @Deprecated
    public int getMnc() {
        return Integer.parseInt(Device.getString("telephony.sim_operator").substring(3));
    }
}
