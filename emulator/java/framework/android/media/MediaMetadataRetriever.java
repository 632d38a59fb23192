package android.media;

import java.util.Map;
import standin.Device;
import standin.Read;

public class MediaMetadataRetriever implements AutoCloseable {
    public static final int METADATA_KEY_LOCATION = 23;
    private static final String CLS = "android.media.MediaMetadataRetriever";
    private Map<?, ?> row = Map.of();

    public void setDataSource(String path) throws IllegalArgumentException {
        for (Object one : Device.getList("media")) if (path.equals(((Map<?, ?>) one).get("path"))) row = (Map<?, ?>) one;
    }

    public String extractMetadata(int keyCode) {
        if (keyCode != METADATA_KEY_LOCATION) return null;
        boolean open = row.get("latitude") != null && Device.hasPermission("android.permission.ACCESS_MEDIA_LOCATION");
        String place = open ? String.format(java.util.Locale.ROOT, "%+.4f%+.4f/", Read.real(row.get("latitude"), 0), Read.real(row.get("longitude"), 0)) : null;
        return Read.give("exif_gps", CLS, "extractMetadata", place);
    }

    @Override
    public void close() {}

    public void release() {}
}
