package aosp;

/** What natives of android.media ask. */
final class Media {
    private Media() {}

    /** Whether the app may hear the microphone. */
    static boolean heard() {
        return Link.holds("android.permission.RECORD_AUDIO");
    }

    /** Of the DRM's properties only the device's number is known. */
    static byte[] property(String name) {
        String hex = name.equals("deviceUniqueId") ? State.text("identifiers.drm_id") : null;
        if (hex == null) throw new IllegalArgumentException("Failed to get property");
        byte[] id = new byte[hex.length() / 2];
        for (int at = 0; at < id.length; at++) id[at] = (byte) Integer.parseInt(hex.substring(2 * at, 2 * at + 2), 16);
        return id;
    }
}
