package android.telephony;

import android.content.Context;
import java.util.List;
import standin.Device;
import standin.Read;

public class SubscriptionManager {
    public static final int DEFAULT_SUBSCRIPTION_ID = Integer.MAX_VALUE;
    public static final int INVALID_SUBSCRIPTION_ID = -1;
    private static final String CLS = "android.telephony.SubscriptionManager";

    public SubscriptionManager(Context context) {}

    public static SubscriptionManager from(Context context) {
        return (SubscriptionManager) context.getSystemService(Context.TELEPHONY_SUBSCRIPTION_SERVICE);
    }

    public static int getDefaultSubscriptionId() {
        return 1;
    }

    public List<SubscriptionInfo> getActiveSubscriptionInfoList() {
        return getActiveSubscriptionInfoList(true);
    }

    /** Hidden in the public API. */
    public List<SubscriptionInfo> getActiveSubscriptionInfoList(boolean userVisibleOnly) {
        Read.need("sim_op", CLS, "getActiveSubscriptionInfoList", "android.permission.READ_PHONE_STATE");
        return Read.give("sim_op", CLS, "getActiveSubscriptionInfoList", List.of(new SubscriptionInfo()));
    }

    public List<SubscriptionInfo> getCompleteActiveSubscriptionInfoList() {
        return getActiveSubscriptionInfoList();
    }

    public SubscriptionInfo getActiveSubscriptionInfo(int subId) {
        Read.need("sim_op", CLS, "getActiveSubscriptionInfo", "android.permission.READ_PHONE_STATE");
        return Read.give("sim_op", CLS, "getActiveSubscriptionInfo", new SubscriptionInfo());
    }

    public SubscriptionInfo getActiveSubscriptionInfoForSimSlotIndex(int slotIndex) {
        Read.need("sim_op", CLS, "getActiveSubscriptionInfoForSimSlotIndex", "android.permission.READ_PHONE_STATE");
        return Read.give("sim_op", CLS, "getActiveSubscriptionInfoForSimSlotIndex", slotIndex == 0 ? new SubscriptionInfo() : null);
    }

    public int getActiveSubscriptionInfoCount() {
        return 1;
    }

    public String getPhoneNumber(int subscriptionId) {
        return number();
    }

    public String getPhoneNumber(int subscriptionId, int source) {
        return number();
    }

    private static String number() {
        Read.need("phone_no", CLS, "getPhoneNumber", "android.permission.READ_PHONE_NUMBERS");
        String number = Device.getString("telephony.phone_no");
        return Read.give("phone_no", CLS, "getPhoneNumber", number == null ? "" : number);
    }

}
