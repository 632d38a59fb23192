package com.google.android.gms.appset;

import com.google.android.gms.tasks.Task;
import com.google.android.gms.tasks.TaskImpl;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import standin.Device;

/** The client of the library, whose name there is an obfuscated one. The ID is the same for the app until it is reset. */
public class AppSetIdClientImpl implements AppSetIdClient {
    @Override
    public Task<AppSetIdInfo> getAppSetIdInfo() {
        Device.truth("install_id", "com.google.android.gms.appset.AppSetIdClient", "getAppSetIdInfo", "value");
        String seed = "app set " + Device.getString("identifiers.android_id");
        return TaskImpl.of(new AppSetIdInfo(UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString(), 2));
    }
}
