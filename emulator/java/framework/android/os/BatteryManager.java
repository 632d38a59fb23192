package android.os;

public class BatteryManager {
    public boolean isCharging() { return getIntProperty(6) == 2; }
    public long computeChargeTimeRemaining() { return -1; }
    public int getIntProperty(int id) { return standin.Canary.give("battery_manager.get_int_property", "hw_fp", "android.os.BatteryManager", "getIntProperty", int.class); }
    public long getLongProperty(int id) { return standin.Canary.give("battery_manager.get_long_property", "hw_fp", "android.os.BatteryManager", "getLongProperty", long.class); }
}
