package aosp;

import android.telephony.CellIdentity;
import android.telephony.CellIdentityLte;
import android.telephony.CellInfo;
import android.telephony.CellInfoLte;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** ITelephony, IPhoneSubInfo, ITelecomService and the device's serial number. */
final class Phone {
    private static String of(String name) {
        return State.text("telephony." + name);
    }

    public String getImeiForSlot(int slot, String caller, String tag) {
        return of(slot == 0 ? "imei" : "imei2");
    }

    public String getMeidForSlot(int slot, String caller, String tag) {
        return of("meid");
    }

    public String getDeviceIdWithFeature(String caller, String tag) {
        return of("imei");
    }

    public String getDeviceIdForPhone(int phone, String caller, String tag) {
        return of(phone == 0 ? "imei" : "imei2");
    }

    public String getImeiForSubscriber(int id, String caller, String tag) {
        return of("imei");
    }

    public String getDeviceSvnUsingSubId(int id, String caller, String tag) {
        return "01";
    }

    public String getDeviceSoftwareVersionForSlot(int slot, String caller, String tag) {
        return "01";
    }

    public String getSubscriberIdForSubscriber(int id, String caller, String tag) {
        return of("imsi");
    }

    public String getIccSerialNumberForSubscriber(int id, String caller, String tag) {
        return of("iccid");
    }

    public String getLine1NumberForSubscriber(int id, String caller, String tag) {
        return of("phone_no");
    }

    public String getLine1NumberForDisplay(int id, String caller, String tag) {
        return null;  // none set by the user: the one of the card counts
    }

    public String getMsisdnForSubscriber(int id, String caller, String tag) {
        return of("phone_no");
    }

    public String getVoiceMailNumberForSubscriber(int id, String caller, String tag) {
        return of("voicemail");
    }

    public String getGroupIdLevel1ForSubscriber(int id, String caller, String tag) {
        return null;
    }

    public String getNetworkCountryIsoForPhone(int phone) {
        return of("network_country");
    }

    public int getActivePhoneTypeForSlot(int slot) {
        return State.number("telephony.phone_type", 0);
    }

    public int getDataNetworkTypeForSubscriber(int id, String caller, String tag) {
        return State.number("telephony.network_type", 0);
    }

    public int getNetworkTypeForSubscriber(int id, String caller, String tag) {
        return State.number("telephony.network_type", 0);
    }

    public int getVoiceNetworkTypeForSubscriber(int id, String caller, String tag) {
        return State.number("telephony.network_type", 0);
    }

    public List<CellInfo> getAllCellInfo(String caller, String tag) {
        List<CellInfo> found = new ArrayList<>();
        JSONArray cells = State.array("telephony.cells");
        for (int at = 0; at < cells.length(); at++) {
            CellInfoLte cell = new CellInfoLte();
            cell.setRegistered(cells.optJSONObject(at).optBoolean("registered"));
            cell.setCellIdentity(identity(cells.optJSONObject(at)));
            found.add(cell);
        }
        return found;
    }

    public CellIdentity getCellLocation(String caller, String tag) {
        return identity(State.array("telephony.cells").optJSONObject(0));
    }

    private static CellIdentityLte identity(JSONObject cell) {
        String mcc = String.format("%03d", cell.optInt("mcc")), mnc = String.format("%02d", cell.optInt("mnc"));
        return new CellIdentityLte(cell.optInt("cid"), cell.optInt("pci"), cell.optInt("tac"), 0, new int[0], 0, mcc, mnc,
                null, null, new ArrayList<>(), null);
    }

    public String getSerialForPackage(String caller, String tag) {
        return State.object("props").optString("ro.serialno");  // its name has dots
    }

    public String getLine1Number(android.telecom.PhoneAccountHandle account, String caller, String tag) {
        return of("phone_no");
    }

    public int getCardIdForDefaultEuicc(int subscription, String caller) {
        return android.telephony.TelephonyManager.UNSUPPORTED_CARD_ID;
    }
}
