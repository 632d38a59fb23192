package aosp;

import java.util.HashMap;
import java.util.Map;

/** Which permissions a service asks of its caller: one of those named, or the call is refused as Android 14 refuses it. */
final class Rights {
    private static final String[] PHONE = {"READ_PRIVILEGED_PHONE_STATE"};
    private static final String[] NUMBER = {"READ_PHONE_STATE", "READ_SMS", "READ_PHONE_NUMBERS"};
    private static final String[] STATE = {"READ_PHONE_STATE"};
    private static final String[] PLACE = {"ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION"};
    private static final Map<String, String[]> NEEDED = new HashMap<>();
    static {
        for (String one : new String[] {"getImeiForSlot", "getMeidForSlot", "getDeviceIdWithFeature", "getDeviceIdForPhone",
            "getImeiForSubscriber", "getSubscriberIdForSubscriber", "getIccSerialNumberForSubscriber", "getSerialForPackage"}) {
            NEEDED.put(one, PHONE);
        }
        for (String one : new String[] {"getLine1NumberForSubscriber", "getLine1NumberForDisplay", "getMsisdnForSubscriber", "getLine1Number"}) NEEDED.put(one, NUMBER);
        for (String one : new String[] {"getVoiceMailNumberForSubscriber", "getDeviceSvnUsingSubId", "getDeviceSoftwareVersionForSlot",
            "getActiveSubscriptionInfoList", "getActiveSubscriptionInfo", "getDataNetworkTypeForSubscriber", "getVoiceNetworkTypeForSubscriber"}) {
            NEEDED.put(one, STATE);
        }
        NEEDED.put("getAllCellInfo", new String[] {"ACCESS_FINE_LOCATION"});
        NEEDED.put("getCellLocation", new String[] {"ACCESS_FINE_LOCATION"});
        for (String one : new String[] {"getLastLocation", "getCurrentLocation", "registerLocationListener"}) NEEDED.put(one, PLACE);
        NEEDED.put("sendTextForSubscriber", new String[] {"SEND_SMS"});
        NEEDED.put("getUserName", new String[] {"MANAGE_USERS", "GET_ACCOUNTS_PRIVILEGED"});
    }

    private Rights() {}

    /** Raises SecurityException where the app holds none of what the method of a service needs. */
    static void check(String method) {
        String[] needed = NEEDED.get(method);
        if (needed == null || !Link.there()) return;
        for (String one : needed) {
            if (Link.holds("android.permission." + one)) return;
        }
        throw new SecurityException(method + ": Neither user " + android.os.Process.myUid() + " nor current process has android.permission." + needed[0] + ".");
    }
}
