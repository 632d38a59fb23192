package aosp;

import android.telephony.SubscriptionInfo;
import java.util.ArrayList;
import java.util.List;

/** ISub: one card, in the first slot. */
final class Subscriptions {
    private static final int ID = 1;

    public boolean isSubscriptionManagerServiceEnabled() {
        return true;
    }

    public int getDefaultSubId() {
        return ID;
    }

    public int getDefaultDataSubId() {
        return ID;
    }

    public int getDefaultVoiceSubId() {
        return ID;
    }

    public int getDefaultSmsSubId() {
        return ID;
    }

    public int getActiveDataSubscriptionId() {
        return ID;
    }

    public int getPhoneId(int id) {
        return 0;
    }

    public int getSlotIndex(int id) {
        return 0;
    }

    public int getSubId(int slot) {
        return ID;
    }

    public int[] getSubIds(int slot) {
        return new int[] {ID};
    }

    public int[] getActiveSubIdList(boolean visible) {
        return new int[] {ID};
    }

    public int getActiveSubInfoCount(String caller, String tag) {
        return 1;
    }

    public int getActiveSubInfoCountMax() {
        return State.number("telephony.phone_count", 1);
    }

    public boolean isActiveSubId(int id, String caller, String tag) {
        return id == ID;
    }

    public SubscriptionInfo getActiveSubscriptionInfo(int id, String caller, String tag) {
        return info();
    }

    public SubscriptionInfo getActiveSubscriptionInfoForSimSlotIndex(int slot, String caller, String tag) {
        return slot == 0 ? info() : null;
    }

    public List<SubscriptionInfo> getActiveSubscriptionInfoList(String caller, String tag) {
        List<SubscriptionInfo> found = new ArrayList<>();
        found.add(info());
        return found;
    }

    private static SubscriptionInfo info() {
        String numeric = State.text("telephony.sim_operator"), name = State.text("telephony.sim_operator_name");
        return new SubscriptionInfo(ID, State.text("telephony.iccid"), 0, name, name, 0, 0, State.text("telephony.phone_no"), 0,
                null, numeric.substring(0, 3), numeric.substring(3), State.text("telephony.sim_country"), false, null, null);
    }
}
