package aosp;

import android.os.Environment;
import android.os.Process;
import android.os.UserHandle;
import android.os.storage.StorageVolume;
import java.io.File;
import java.util.Map;

/** IStorageManager: the one shared storage of the device. */
final class Storage {
    public StorageVolume[] getVolumeList(int user, String caller, int flags) {
        String path = "/storage/emulated/0";
        File real = new File(Link.there() ? String.valueOf(Link.ask("fs.path", Map.of("path", path))) : path);
        UserHandle owner = UserHandle.getUserHandleForUid(Process.myUid());
        return new StorageVolume[] {
            new StorageVolume("emulated;0", real, real, "shared", true, false, true, false, false, 0, owner, null, null, Environment.MEDIA_MOUNTED)
        };
    }
}
