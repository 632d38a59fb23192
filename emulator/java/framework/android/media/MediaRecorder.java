package android.media;

import android.content.Context;
import android.hardware.Camera;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import standin.Device;

public class MediaRecorder {
    /** The head of an MP4 file. */
    private static final byte[] SILENCE = {0, 0, 0, 16, 102, 116, 121, 112, 109, 112, 52, 50, 0, 0, 0, 0};
    private static final String CLS = "android.media.MediaRecorder";
    private boolean audio;
    private boolean video;
    private boolean started;
    private File output;

    public MediaRecorder() {}

    public MediaRecorder(Context context) {}

    public static final class AudioSource {
        public static final int DEFAULT = 0;
        public static final int MIC = 1;
        public static final int CAMCORDER = 5;
        public static final int VOICE_RECOGNITION = 6;
        public static final int VOICE_COMMUNICATION = 7;
        public static final int UNPROCESSED = 9;

        private AudioSource() {}
    }

    public static final class VideoSource {
        public static final int DEFAULT = 0;
        public static final int CAMERA = 1;
        public static final int SURFACE = 2;

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

    public void setOutputFile(String path) { setOutputFile(new File(path)); }

    public void setOutputFile(File file) {
        output = file;
    }

    public void setOutputFile(FileDescriptor fd) {}

    public void prepare() throws IllegalStateException, IOException {}

    public void start() throws IllegalStateException {
        if (!audio && !video) throw new IllegalStateException("no source");
        started = true;
        if (audio) Device.truth("mic", CLS, "start", "value");
        if (video) Device.truth("camera", CLS, "start", "value");
    }

    public void stop() throws IllegalStateException {
        if (!started) throw new IllegalStateException("stop called in an invalid state");
        started = false;
        if (output != null) {
            try (java.io.FileOutputStream out = new java.io.FileOutputStream(output)) {
                out.write(SILENCE);
            } catch (IOException full) {
                throw new RuntimeException("stop failed.");
            }
        }
        Device.note("mic", "action", "stop");
    }

    public void reset() {
        audio = false;
        video = false;
    }

    public void release() {}
    public interface OnErrorListener {
        void onError(MediaRecorder mr, int what, int extra);
    }

    public interface OnInfoListener {
        void onInfo(MediaRecorder mr, int what, int extra);
    }

    public void pause() throws IllegalStateException {}
    public void resume() throws IllegalStateException {}
    public int getMaxAmplitude() throws IllegalStateException { return 0; }
    public android.view.Surface getSurface() { return new android.view.Surface(); }
    public static final int getAudioSourceMax() { return 10; }
    public void setOnErrorListener(OnErrorListener listener) {}
    public void setOnInfoListener(OnInfoListener listener) {}
    public void setAudioSamplingRate(int rate) {}
    public void setAudioChannels(int channels) {}
    public void setAudioEncodingBitRate(int rate) {}
    public void setVideoSize(int width, int height) throws IllegalStateException {}
    public void setVideoFrameRate(int rate) throws IllegalStateException {}
    public void setVideoEncodingBitRate(int rate) {}
    public void setCaptureRate(double fps) {}
    public void setMaxDuration(int ms) {}
    public void setMaxFileSize(long bytes) {}
    public void setOrientationHint(int degrees) {}
    public void setLocation(float latitude, float longitude) {}
    public void setPreviewDisplay(android.view.Surface surface) {}
}
