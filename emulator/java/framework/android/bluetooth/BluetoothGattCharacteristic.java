package android.bluetooth;

import java.util.UUID;
import standin.Canary;

/** A value of a device nearby; its UUID says what it is. */
public class BluetoothGattCharacteristic {
    private static final String CLS = "android.bluetooth.BluetoothGattCharacteristic";
    private final UUID uuid;
    private final int properties;
    private final int permissions;
    private byte[] value;

    public BluetoothGattCharacteristic(UUID uuid, int properties, int permissions) {
        this.uuid = uuid;
        this.properties = properties;
        this.permissions = permissions;
    }

    public UUID getUuid() { return uuid; }
    public int getProperties() { return properties; }
    public int getPermissions() { return permissions; }
    public byte[] getValue() { return value; }

    private static boolean set(String method) {
        return Canary.give("bluetooth_gatt_characteristic.set_value", "bt_io", CLS, method, boolean.class);
    }

    public boolean setValue(byte[] value) {
        this.value = value;
        return set("setValue");
    }

    public boolean setValue(int value, int formatType, int offset) { return set("setValue"); }
    public boolean setValue(int mantissa, int exponent, int formatType, int offset) { return set("setValue"); }
    public boolean setValue(String value) { return set("setValue"); }
}
