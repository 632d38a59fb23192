package android.media;

import android.content.Context;
import android.hardware.Camera;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import standin.Device;

public class MediaRecorder {
    private static final String CLS = "android.media.MediaRecorder";
    private boolean audio;
    private boolean video;

    public MediaRecorder() {}

    public MediaRecorder(Context context) {}

    public static final class AudioSource {
        public static final int DEFAULT = 0;
        public static final int MIC = 1;

        private AudioSource() {}
    }

    public static final class VideoSource {
        public static final int CAMERA = 1;

        private VideoSource() {}
    }

    private static void allowed(String type, String method, String permission) {
        if (!Device.hasPermission(permission)) {
            Device.truth(type, CLS, method, "denied");
            throw new RuntimeException(method + " failed.");
        }
    }

    public void setAudioSource(int source) throws IllegalStateException {
        allowed("mic", "setAudioSource", "android.permission.RECORD_AUDIO");
        audio = true;
    }

    public void setVideoSource(int source) throws IllegalStateException {
        allowed("camera", "setVideoSource", "android.permission.CAMERA");
        video = true;
    }

    @Deprecated
    public void setCamera(Camera camera) {}

    public void setOutputFormat(int format) {}

    public void setAudioEncoder(int encoder) {}

    public void setVideoEncoder(int encoder) {}

    public void setOutputFile(String path) {}

    public void setOutputFile(File file) {}

    public void setOutputFile(FileDescriptor fd) {}

    public void prepare() throws IllegalStateException, IOException {}

    public void start() throws IllegalStateException {
        if (!audio && !video) throw new IllegalStateException("no source");
        if (audio) Device.truth("mic", CLS, "start", "value");
        if (video) Device.truth("camera", CLS, "start", "value");
    }

    public void stop() throws IllegalStateException {
        Device.note("mic", "action", "stop");
    }

    public void reset() {
        audio = false;
        video = false;
    }

    public void release() {}
}
