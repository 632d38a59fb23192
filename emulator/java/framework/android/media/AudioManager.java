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
    public interface OnAudioFocusChangeListener {
        void onAudioFocusChange(int focusChange);
    }

    private int mode;
    private int ringer = 2;
    private boolean speaker;

    @Deprecated
    public int requestAudioFocus(OnAudioFocusChangeListener listener, int streamType, int durationHint) { return 1; }
    public int requestAudioFocus(AudioFocusRequest request) { return 1; }
    public int abandonAudioFocusRequest(AudioFocusRequest request) { return 1; }
    @Deprecated
    public int abandonAudioFocus(OnAudioFocusChangeListener listener) { return 1; }
    public int getStreamMaxVolume(int streamType) { return streamType == 0 ? 7 : 15; }
    public int getStreamMinVolume(int streamType) { return 0; }
    public void setStreamVolume(int streamType, int index, int flags) {}
    public void adjustStreamVolume(int streamType, int direction, int flags) {}
    public void adjustVolume(int direction, int flags) {}
    public void adjustSuggestedStreamVolume(int direction, int suggested, int flags) {}
    public boolean isStreamMute(int streamType) { return false; }
    public boolean isVolumeFixed() { return false; }
    public int getMode() { return mode; }
    public void setMode(int value) { mode = value; }
    public int getRingerMode() { return ringer; }
    public void setRingerMode(int value) { ringer = value; }
    public boolean isSpeakerphoneOn() { return speaker; }
    public void setSpeakerphoneOn(boolean on) { speaker = on; }
    public void setMicrophoneMute(boolean on) {}
    @Deprecated
    public boolean isWiredHeadsetOn() { return false; }
    @Deprecated
    public boolean isBluetoothA2dpOn() { return false; }
    public boolean isBluetoothScoOn() { return false; }
    public void setBluetoothScoOn(boolean on) {}
    public boolean isBluetoothScoAvailableOffCall() { return false; }
    public void startBluetoothSco() {}
    public void stopBluetoothSco() {}
    public boolean isMusicActive() { return false; }
    public int generateAudioSessionId() { return 1; }
    public String getProperty(String key) { return key.endsWith("SAMPLE_RATE") ? "48000" : key.endsWith("FRAMES_PER_BUFFER") ? "192" : null; }
    public String getParameters(String keys) { return ""; }
    public void setParameters(String keyValuePairs) {}
    public void playSoundEffect(int effectType) {}
    public void playSoundEffect(int effectType, float volume) {}
    public void loadSoundEffects() {}
    public void unloadSoundEffects() {}
    public void unregisterAudioDeviceCallback(AudioDeviceCallback callback) {}
}
