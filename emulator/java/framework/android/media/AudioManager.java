package android.media;

import android.content.Context;
import java.util.List;

public class AudioManager {
    public static final int STREAM_MUSIC = 3;
    public static final int GET_DEVICES_OUTPUTS = 2;

    public AudioManager(Context context) {}

    public AudioDeviceInfo[] getDevices(int flags) {
        return new AudioDeviceInfo[] {new AudioDeviceInfo()};
    }

    public List<Object> getActiveRecordingConfigurations() {
        return List.of();
    }

    public int getStreamVolume(int streamType) {
        return 5;
    }

    public boolean isMicrophoneMute() {
        return false;
    }

    public void registerAudioDeviceCallback(android.media.AudioDeviceCallback a0, android.os.Handler a1) { standin.Canary.done("audio_manager.register_audio_device_callback", "hw_fp", "android.media.AudioManager", "registerAudioDeviceCallback"); }
}
