package android.media;

import java.io.IOException;
import java.util.Map;
import standin.Device;
import standin.Read;

/** Photo positions as the device's media rows have them; hidden without ACCESS_MEDIA_LOCATION. */
public class ExifInterface {
    public static final String TAG_GPS_LATITUDE = "GPSLatitude";
    public static final String TAG_GPS_LONGITUDE = "GPSLongitude";
    private static final String CLS = "android.media.ExifInterface";
    private Map<?, ?> row = Map.of();

    public ExifInterface(String filename) throws IOException {
        for (Object one : Device.getList("media")) if (filename.equals(((Map<?, ?>) one).get("path"))) row = (Map<?, ?>) one;
    }

    private boolean open() {
        return row.get("latitude") != null && Device.hasPermission("android.permission.ACCESS_MEDIA_LOCATION");
    }

    @Deprecated
    public boolean getLatLong(float[] output) {
        boolean there = open();
        if (there) {
            output[0] = (float) Read.real(row.get("latitude"), 0);
            output[1] = (float) Read.real(row.get("longitude"), 0);
        }
        Device.truth("exif_gps", CLS, "getLatLong", there ? "value" : "null");
        return there;
    }

    public String getAttribute(String tag) {
        if (own.containsKey(tag)) return own.get(tag);
        if (!TAG_GPS_LATITUDE.equals(tag) && !TAG_GPS_LONGITUDE.equals(tag)) return null;
        Object value = row.get(TAG_GPS_LATITUDE.equals(tag) ? "latitude" : "longitude");
        return Read.give("exif_gps", CLS, "getAttribute", open() ? String.valueOf(value) : null);
    }
    private final Map<String, String> own = new java.util.HashMap<>();

    public ExifInterface(java.io.File file) throws IOException { this(file.getPath()); }
    public ExifInterface(java.io.InputStream in) throws IOException {}
    public ExifInterface(java.io.FileDescriptor fd) throws IOException {}
    public int getAttributeInt(String tag, int otherwise) {
        String found = getAttribute(tag);
        return found == null ? otherwise : Integer.parseInt(found.trim());
    }
    public double getAttributeDouble(String tag, double otherwise) {
        String found = getAttribute(tag);
        return found == null ? otherwise : Double.parseDouble(found);
    }
    public void setAttribute(String tag, String value) { own.put(tag, value); }
    public void saveAttributes() throws IOException {}
    public boolean hasThumbnail() { return false; }
    public byte[] getThumbnail() { return null; }
}
