package android.telephony;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.telephony.gsm.GsmCellLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import standin.Device;
import standin.Later;
import standin.Read;

/**
 * Telephony of the stand-in: hardware identifiers are closed to ordinary apps since level 29. As in AOSP, a getter without
 * arguments asks the one with a slot or a subscription.
 */
public class TelephonyManager {
    public static final int SIM_STATE_UNKNOWN = 0;
    public static final int SIM_STATE_ABSENT = 1;
    public static final int SIM_STATE_READY = 5;
    public static final int PHONE_TYPE_NONE = 0;
    public static final int PHONE_TYPE_GSM = 1;
    public static final int PHONE_TYPE_CDMA = 2;
    public static final int CALL_STATE_IDLE = 0;
    public static final int NETWORK_TYPE_UNKNOWN = 0;
    public static final int NETWORK_TYPE_LTE = 13;
    public static final int NETWORK_TYPE_NR = 20;
    public static final String ACTION_PHONE_STATE_CHANGED = "android.intent.action.PHONE_STATE";
    private static final String CLS = "android.telephony.TelephonyManager";
    private static final String STATE = "android.permission.READ_PHONE_STATE";
    private static final String PRIVILEGED = "android.permission.READ_PRIVILEGED_PHONE_STATE";
    private static final String FINE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String COARSE = "android.permission.ACCESS_COARSE_LOCATION";
    private static final int SUBSCRIPTION = 1;
    private final Context context;

    public TelephonyManager(Context context) {
        this.context = context;
    }

    public static TelephonyManager from(Context context) {
        return (TelephonyManager) context.getSystemService(Context.TELEPHONY_SERVICE);
    }

    public TelephonyManager createForSubscriptionId(int subId) {
        return new TelephonyManager(context);
    }

    /** Level 29+: refused to a target of 29+, null to an older one with the permission. Before: needs the permission. */
    private static String hardware(String type, String method, String what, String path) {
        if (Device.sdk() < 29 || Device.hasPermission(PRIVILEGED)) {
            if (Device.sdk() < 29) Read.need(type, CLS, method, STATE);
            return Read.text(type, CLS, method, path);
        }
        if (Device.targetSdk() >= 29 || !Device.hasPermission(STATE)) {
            throw Read.refuse(type, CLS, method, what + ": The user " + Device.uid() + " does not meet the requirements to access device identifiers.");
        }
        return Read.give(type, CLS, method, null);
    }

    @Deprecated
    public String getDeviceId() {
        return hardware("imei", "getDeviceId", "getDeviceId", "telephony.imei");
    }

    @Deprecated
    public String getDeviceId(int slotIndex) {
        return hardware("imei", "getDeviceId", "getDeviceId", slotIndex == 0 ? "telephony.imei" : "telephony.imei2");
    }

    public String getImei() {
        return getImei(0);
    }

    public String getImei(int slotIndex) {
        return hardware("imei", "getImei", "getImeiForSlot", slotIndex == 0 ? "telephony.imei" : "telephony.imei2");
    }

    public String getPrimaryImei() {
        return hardware("imei", "getPrimaryImei", "getPrimaryImei", "telephony.imei");
    }

    public String getMeid() {
        return getMeid(0);
    }

    public String getMeid(int slotIndex) {
        return hardware("meid", "getMeid", "getMeidForSlot", "telephony.meid");
    }

    public String getSubscriberId() {
        return getSubscriberId(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getSubscriberId(int subId) {
        return hardware("imsi", "getSubscriberId", "getSubscriberIdForSubscriber", "telephony.imsi");
    }

    public String getSimSerialNumber() {
        return getSimSerialNumber(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getSimSerialNumber(int subId) {
        return hardware("iccid", "getSimSerialNumber", "getIccSerialNumberForSubscriber", "telephony.iccid");
    }

    public String getNai() {
        return hardware("imsi", "getNai", "getNaiForSubscriber", "telephony.nai");
    }

    public List<UiccCardInfo> getUiccCardsInfo() {
        Read.need("iccid", CLS, "getUiccCardsInfo", PRIVILEGED);
        return Read.give("iccid", CLS, "getUiccCardsInfo", List.of(new UiccCardInfo(Device.getString("telephony.iccid"))));
    }

    public String getTypeAllocationCode() {
        return getTypeAllocationCode(0);
    }

    public String getTypeAllocationCode(int slotIndex) {
        String imei = Device.getString("telephony.imei");
        return Read.give("imei", CLS, "getTypeAllocationCode", imei == null ? null : imei.substring(0, 8));
    }

    public String getManufacturerCode() {
        return getManufacturerCode(0);
    }

    public String getManufacturerCode(int slotIndex) {
        String meid = Device.getString("telephony.meid");
        return Read.give("meid", CLS, "getManufacturerCode", meid == null ? null : meid.substring(0, 8));
    }

    public String getDeviceSoftwareVersion() {
        return getDeviceSoftwareVersion(0);
    }

    /** Hidden in the public API. */
    public String getDeviceSoftwareVersion(int slotIndex) {
        Read.need("hw_fp", CLS, "getDeviceSoftwareVersion", STATE);
        return Read.give("hw_fp", CLS, "getDeviceSoftwareVersion", "01");
    }

    @Deprecated
    public String getLine1Number() {
        return getLine1Number(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getLine1Number(int subId) {
        if (Device.targetSdk() >= 30 && Device.sdk() >= 30) {
            Read.need("phone_no", CLS, "getLine1Number", "android.permission.READ_PHONE_NUMBERS", "android.permission.READ_SMS");
        } else {
            Read.need("phone_no", CLS, "getLine1Number", STATE, "android.permission.READ_PHONE_NUMBERS", "android.permission.READ_SMS");
        }
        return Read.text("phone_no", CLS, "getLine1Number", "telephony.phone_no");
    }

    public String getVoiceMailNumber() {
        return getVoiceMailNumber(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getVoiceMailNumber(int subId) {
        Read.need("phone_no", CLS, "getVoiceMailNumber", STATE);
        return Read.text("phone_no", CLS, "getVoiceMailNumber", "telephony.voicemail");
    }

    public String getVoiceMailAlphaTag() {
        return getVoiceMailAlphaTag(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getVoiceMailAlphaTag(int subId) {
        Read.need("phone_no", CLS, "getVoiceMailAlphaTag", STATE);
        return Read.give("phone_no", CLS, "getVoiceMailAlphaTag", null);
    }

    private static String operator(String method, String path) {
        String value = Device.getString(path);
        return Read.give("sim_op", CLS, method, value == null ? "" : value);
    }

    public String getSimOperator() {
        return operator("getSimOperator", "telephony.sim_operator");
    }

    /** Hidden in the public API. */
    public String getSimOperator(int subId) {
        return operator("getSimOperator", "telephony.sim_operator");
    }

    public String getSimOperatorName() {
        return operator("getSimOperatorName", "telephony.sim_operator_name");
    }

    /** Hidden in the public API. */
    public String getSimOperatorName(int subId) {
        return operator("getSimOperatorName", "telephony.sim_operator_name");
    }

    public String getSimCountryIso() {
        return operator("getSimCountryIso", "telephony.sim_country");
    }

    /** Hidden in the public API. */
    public String getSimCountryIso(int subId) {
        return operator("getSimCountryIso", "telephony.sim_country");
    }

    public String getNetworkOperator() {
        return operator("getNetworkOperator", "telephony.network_operator");
    }

    /** Hidden in the public API. */
    public String getNetworkOperator(int subId) {
        return operator("getNetworkOperator", "telephony.network_operator");
    }

    public String getNetworkOperatorName() {
        return getNetworkOperatorName(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public String getNetworkOperatorName(int subId) {
        return operator("getNetworkOperatorName", "telephony.network_operator_name");
    }

    public String getNetworkCountryIso() {
        return getNetworkCountryIso(0);
    }

    public String getNetworkCountryIso(int slotIndex) {
        return operator("getNetworkCountryIso", "telephony.network_country");
    }

    public String getNetworkSpecifier() {
        return Read.give("sim_op", CLS, "getNetworkSpecifier", "1");
    }

    public String getGroupIdLevel1() {
        Read.need("sim_op", CLS, "getGroupIdLevel1", STATE);
        return Read.text("sim_op", CLS, "getGroupIdLevel1", "telephony.gid1");
    }

    /** Hidden in the public API. */
    public String getGroupIdLevel1(int subId) {
        Read.need("sim_op", CLS, "getGroupIdLevel1", STATE);
        return Read.text("sim_op", CLS, "getGroupIdLevel1", "telephony.gid1");
    }

    public int getSimCarrierId() {
        Device.truth("sim_op", CLS, "getSimCarrierId", "value");
        return Device.getInt("telephony.carrier_id", -1);
    }

    public int getCarrierIdFromSimMccMnc() {
        getSimOperator();
        Device.truth("sim_op", CLS, "getCarrierIdFromSimMccMnc", "value");
        return Device.getInt("telephony.carrier_id", -1);
    }

    public int getSimState() {
        return simState(0);
    }

    public int getSimState(int slotIndex) {
        return simState(slotIndex);
    }

    private static int simState(int slotIndex) {
        Device.truth("sim_op", CLS, "getSimState", "value");
        return slotIndex == 0 ? Device.getInt("telephony.sim_state", SIM_STATE_READY) : SIM_STATE_ABSENT;
    }

    public int getPhoneType() {
        return Device.getInt("telephony.phone_type", PHONE_TYPE_GSM);
    }

    public int getPhoneCount() {
        return Device.getInt("telephony.phone_count", 1);
    }

    public int getActiveModemCount() {
        return getPhoneCount();
    }

    public boolean isNetworkRoaming() {
        return false;
    }

    public boolean hasIccCard() {
        return getSimState() == SIM_STATE_READY;
    }

    public int getCallState() {
        if (Device.targetSdk() >= 31) Read.need("sim_op", CLS, "getCallState", STATE);
        Device.truth("sim_op", CLS, "getCallState", "value");
        return CALL_STATE_IDLE;
    }

    public int getNetworkType() {
        return getDataNetworkType();
    }

    public int getDataNetworkType() {
        return getDataNetworkType(SUBSCRIPTION);
    }

    /** Hidden in the public API. */
    public int getDataNetworkType(int subId) {
        Read.need("sim_op", CLS, "getDataNetworkType", STATE, "android.permission.READ_BASIC_PHONE_STATE");
        Device.truth("sim_op", CLS, "getDataNetworkType", "value");
        return Device.getInt("telephony.network_type", NETWORK_TYPE_LTE);
    }

    public ServiceState getServiceState() {
        Read.need("sim_op", CLS, "getServiceState", STATE);
        return Read.give("sim_op", CLS, "getServiceState", new ServiceState(Device.getString("telephony.network_operator_name")));
    }

    public ServiceState getServiceState(int includeLocationData) {
        return getServiceState();
    }

    public SignalStrength getSignalStrength() {
        return Read.give("cell", CLS, "getSignalStrength", new SignalStrength());
    }

    private static void places(String method) {
        if (Device.sdk() >= 29) Read.need("cell", CLS, method, FINE);
        else Read.need("cell", CLS, method, COARSE, FINE);
    }

    private static List<CellInfo> cells() {
        List<CellInfo> found = new ArrayList<>();
        if (!Device.getBoolean("location.enabled", true)) return found;
        for (Object one : Device.getList("telephony.cells")) found.add(new CellInfoLte((java.util.Map<?, ?>) one));
        return found;
    }

    public List<CellInfo> getAllCellInfo() {
        places("getAllCellInfo");
        return Read.give("cell", CLS, "getAllCellInfo", cells());
    }

    @Deprecated
    public CellLocation getCellLocation() {
        places("getCellLocation");
        List<CellInfo> found = cells();
        if (found.isEmpty()) return Read.give("cell", CLS, "getCellLocation", null);
        CellIdentityLte id = ((CellInfoLte) found.get(0)).getCellIdentity();
        GsmCellLocation place = new GsmCellLocation();
        place.setLacAndCid(id.getTac(), id.getCi());
        return Read.give("cell", CLS, "getCellLocation", place);
    }

    /** No data for current targets. */
    @Deprecated
    public List<Object> getNeighboringCellInfo() {
        Read.need("cell", CLS, "getNeighboringCellInfo", COARSE);
        return Read.give("cell", CLS, "getNeighboringCellInfo", null);
    }

    public void requestCellInfoUpdate(Executor executor, CellInfoCallback callback) {
        places("requestCellInfoUpdate");
        List<CellInfo> found = Read.give("cell", CLS, "requestCellInfoUpdate", cells());
        Later.binder(() -> executor.execute(() -> callback.onCellInfo(found)));
    }

    public abstract static class CellInfoCallback {
        public static final int ERROR_TIMEOUT = 1;
        public static final int ERROR_MODEM_ERROR = 2;

        public abstract void onCellInfo(List<CellInfo> cellInfo);

        public void onError(int errorCode, Throwable detail) {}
    }

    @Deprecated
    public void listen(PhoneStateListener listener, int events) {
        if ((events & (PhoneStateListener.LISTEN_CELL_INFO | PhoneStateListener.LISTEN_CELL_LOCATION)) != 0) places("listen");
        Handler main = new Handler(Looper.getMainLooper());
        if ((events & PhoneStateListener.LISTEN_CELL_INFO) != 0) {
            List<CellInfo> found = Read.give("cell", CLS, "listen", cells());
            main.post(() -> listener.onCellInfoChanged(found));
        }
        if ((events & PhoneStateListener.LISTEN_CELL_LOCATION) != 0) {
            CellLocation place = getCellLocation();
            main.post(() -> listener.onCellLocationChanged(place));
        }
        if ((events & PhoneStateListener.LISTEN_CALL_STATE) != 0) {
            if (Device.targetSdk() >= 31) Read.need("sim_op", CLS, "listen", STATE);
            main.post(() -> listener.onCallStateChanged(CALL_STATE_IDLE, ""));
        }
    }

    public void registerTelephonyCallback(Executor executor, TelephonyCallback callback) {
        if (callback instanceof TelephonyCallback.CellInfoListener) {
            places("registerTelephonyCallback");
            List<CellInfo> found = Read.give("cell", CLS, "registerTelephonyCallback", cells());
            Later.binder(() -> executor.execute(() -> ((TelephonyCallback.CellInfoListener) callback).onCellInfoChanged(found)));
        }
        if (callback instanceof TelephonyCallback.CallStateListener) {
            Read.need("sim_op", CLS, "registerTelephonyCallback", STATE);
            Later.binder(() -> executor.execute(() -> ((TelephonyCallback.CallStateListener) callback).onCallStateChanged(CALL_STATE_IDLE)));
        }
    }

    public void registerTelephonyCallback(int includeLocationData, Executor executor, TelephonyCallback callback) {
        registerTelephonyCallback(executor, callback);
    }

    public void unregisterTelephonyCallback(TelephonyCallback callback) {}

    public android.telephony.NetworkScan requestNetworkScan(android.telephony.NetworkScanRequest a0, java.util.concurrent.Executor a1, android.telephony.TelephonyScanManager.NetworkScanCallback a2) { return standin.Canary.give("telephony_manager.request_network_scan", "cell", "android.telephony.TelephonyManager", "requestNetworkScan", android.telephony.NetworkScan.class); }
    public android.telephony.NetworkScan requestNetworkScan(int a0, android.telephony.NetworkScanRequest a1, java.util.concurrent.Executor a2, android.telephony.TelephonyScanManager.NetworkScanCallback a3) { return standin.Canary.give("telephony_manager.request_network_scan", "cell", "android.telephony.TelephonyManager", "requestNetworkScan", android.telephony.NetworkScan.class); }
    public int getDataState() { return 0; }
    public int getDataActivity() { return 0; }
}
