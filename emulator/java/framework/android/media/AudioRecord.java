package android.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import standin.Device;

/** A microphone in a quiet room: without the permission there is no recorder, with it there is silence. */
public class AudioRecord {
    public static final int STATE_UNINITIALIZED = 0;
    public static final int STATE_INITIALIZED = 1;
    public static final int RECORDSTATE_STOPPED = 1;
    public static final int RECORDSTATE_RECORDING = 3;
    public static final int ERROR_INVALID_OPERATION = -3;
    public static final int READ_BLOCKING = 0;
    private static final String CLS = "android.media.AudioRecord";
    private static final String MIC = "android.permission.RECORD_AUDIO";
    private final int source;
    private final boolean allowed;
    private final int rate;
    private volatile boolean recording;

    public AudioRecord(int audioSource, int sampleRateInHz, int channelConfig, int audioFormat, int bufferSizeInBytes) {
        source = audioSource;
        rate = Math.max(1, sampleRateInHz);
        allowed = Device.hasPermission(MIC);
        if (!allowed) Device.truth("mic", CLS, "$init", "denied");
    }

    public static int getMinBufferSize(int sampleRateInHz, int channelConfig, int audioFormat) {
        return 1280;
    }

    public int getState() {
        return allowed ? STATE_INITIALIZED : STATE_UNINITIALIZED;
    }

    public int getAudioSource() {
        return source;
    }

    public int getRecordingState() {
        return recording ? RECORDSTATE_RECORDING : RECORDSTATE_STOPPED;
    }

    public void startRecording() throws IllegalStateException {
        if (!allowed) {
            Device.truth("mic", CLS, "startRecording", "java.lang.IllegalStateException");
            throw new IllegalStateException("startRecording() called on an uninitialized AudioRecord.");
        }
        Device.truth("mic", CLS, "startRecording", "value");
        recording = true;
    }

    public void startRecording(MediaSyncEvent syncEvent) throws IllegalStateException {
        startRecording();
    }

    public int read(byte[] audioData, int offsetInBytes, int sizeInBytes) {
        return read(audioData, offsetInBytes, sizeInBytes, READ_BLOCKING);
    }

    public int read(short[] audioData, int offsetInShorts, int sizeInShorts) {
        return read(audioData, offsetInShorts, sizeInShorts, READ_BLOCKING);
    }

    /** Takes the time that the samples take. */
    private int read(int size, int samples, int readMode) {
        if (readMode == READ_BLOCKING) android.os.SystemClock.sleep(Math.min(100, 1000L * samples / rate));
        return size;
    }

    public int getAudioSessionId() { return 1; }
    public int getSampleRate() { return rate; }
    public int getChannelCount() { return 1; }
    public int getAudioFormat() { return AudioFormat.ENCODING_PCM_16BIT; }

    public void stop() {
        recording = false;
        Device.note("mic", "action", "stop");
    }

    public void release() {
        recording = false;
    }

    public static class Builder {
        private int source = MediaRecorder.AudioSource.MIC;
        private AudioFormat format = new AudioFormat.Builder().build();

        public Builder setAudioSource(int source) {
            this.source = source;
            return this;
        }

        public Builder setAudioFormat(AudioFormat format) {
            this.format = format;
            return this;
        }

        public Builder setBufferSizeInBytes(int size) {
            return this;
        }

        public AudioRecord build() throws UnsupportedOperationException {
            if (!Device.hasPermission(MIC)) {
                Device.truth("mic", CLS + "$Builder", "build", "denied");
                throw new UnsupportedOperationException("Cannot create AudioRecord");
            }
            return new AudioRecord(source, format.getSampleRate(), format.getChannelMask(), format.getEncoding(), 1280);
        }
    }

    public int read(byte[] audioData, int offsetInBytes, int sizeInBytes, int readMode) {
        if (!recording) return ERROR_INVALID_OPERATION;
        Arrays.fill(audioData, offsetInBytes, offsetInBytes + sizeInBytes, (byte) 0);
        return read(sizeInBytes, sizeInBytes / 2, readMode);
    }

    public int read(short[] audioData, int offsetInShorts, int sizeInShorts, int readMode) {
        if (!recording) return ERROR_INVALID_OPERATION;
        Arrays.fill(audioData, offsetInShorts, offsetInShorts + sizeInShorts, (short) 0);
        return read(sizeInShorts, sizeInShorts, readMode);
    }

    public int read(float[] audioData, int offsetInFloats, int sizeInFloats, int readMode) {
        if (!recording) return ERROR_INVALID_OPERATION;
        Arrays.fill(audioData, offsetInFloats, offsetInFloats + sizeInFloats, 0f);
        return read(sizeInFloats, sizeInFloats, readMode);
    }

    public int read(ByteBuffer audioBuffer, int sizeInBytes) {
        return read(audioBuffer, sizeInBytes, READ_BLOCKING);
    }

    public int read(ByteBuffer audioBuffer, int sizeInBytes, int readMode) {
        return recording ? Math.min(sizeInBytes, audioBuffer.capacity()) : ERROR_INVALID_OPERATION;
    }

    public List<Object> getActiveMicrophones() {
        return List.of();
    }
}
