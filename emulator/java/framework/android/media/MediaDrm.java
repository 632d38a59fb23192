package android.media;

import java.util.UUID;
import standin.Device;
import standin.Read;

public final class MediaDrm implements AutoCloseable {
    public static final String PROPERTY_VENDOR = "vendor";
    public static final String PROPERTY_VERSION = "version";
    public static final String PROPERTY_DEVICE_UNIQUE_ID = "deviceUniqueId";
    private static final UUID WIDEVINE = new UUID(0xEDEF8BA979D64ACEL, 0xA3C827DCD51D21EDL);
    private static final String CLS = "android.media.MediaDrm";

    public MediaDrm(UUID uuid) throws UnsupportedSchemeException {
        if (!WIDEVINE.equals(uuid)) throw new UnsupportedSchemeException("Failed to instantiate drm object.");
    }

    public static boolean isCryptoSchemeSupported(UUID uuid) {
        return WIDEVINE.equals(uuid);
    }

    public byte[] getPropertyByteArray(String propertyName) {
        String hex = PROPERTY_DEVICE_UNIQUE_ID.equals(propertyName) ? Device.getString("identifiers.drm_id") : null;
        if (hex == null) throw new IllegalArgumentException("Failed to get property");
        byte[] id = new byte[hex.length() / 2];
        for (int i = 0; i < id.length; i++) id[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return Read.give("drm_id", CLS, "getPropertyByteArray", id);
    }

    public String getPropertyString(String propertyName) {
        return PROPERTY_VENDOR.equals(propertyName) ? "standin" : "1";
    }

    @Override
    public void close() {}

    @Deprecated
    public void release() {}
}
