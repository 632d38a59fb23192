package android.media;

import android.content.Context;
import android.net.Uri;
import android.os.Handler;
import android.os.SystemClock;
import android.view.Surface;
import android.view.SurfaceHolder;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import standin.Later;

/** Plays a second of silence, in the states and with the callbacks of Android's. */
public class MediaPlayer {
    public static final int MEDIA_ERROR_UNKNOWN = 1;
    public static final int MEDIA_ERROR_SERVER_DIED = 100;
    public static final int MEDIA_ERROR_IO = -1004;
    public static final int MEDIA_INFO_VIDEO_RENDERING_START = 3;
    public static final int MEDIA_INFO_BUFFERING_START = 701;
    public static final int MEDIA_INFO_BUFFERING_END = 702;
    public static final int VIDEO_SCALING_MODE_SCALE_TO_FIT = 1;
    public static final int VIDEO_SCALING_MODE_SCALE_TO_FIT_WITH_CROPPING = 2;
    private static final int LENGTH_MS = 1000;

    public interface OnPreparedListener {
        void onPrepared(MediaPlayer mp);
    }

    public interface OnCompletionListener {
        void onCompletion(MediaPlayer mp);
    }

    public interface OnErrorListener {
        boolean onError(MediaPlayer mp, int what, int extra);
    }

    public interface OnInfoListener {
        boolean onInfo(MediaPlayer mp, int what, int extra);
    }

    public interface OnBufferingUpdateListener {
        void onBufferingUpdate(MediaPlayer mp, int percent);
    }

    public interface OnSeekCompleteListener {
        void onSeekComplete(MediaPlayer mp);
    }

    public interface OnVideoSizeChangedListener {
        void onVideoSizeChanged(MediaPlayer mp, int width, int height);
    }

    private enum State { IDLE, INITIALIZED, PREPARED, STARTED, PAUSED, STOPPED, END }

    private final Handler events = Later.on(null);
    private final Runnable end = this::ended;
    private State state = State.IDLE;
    private boolean looping;
    private int at;
    private long since;
    private OnPreparedListener prepared;
    private OnCompletionListener completed;
    private OnSeekCompleteListener sought;

    public MediaPlayer() {}

    public static MediaPlayer create(Context context, Uri uri) {
        MediaPlayer made = new MediaPlayer();
        try {
            made.setDataSource(context, uri);
            made.prepare();
            return made;
        } catch (IOException bad) {
            return null;
        }
    }

    public static MediaPlayer create(Context context, Uri uri, SurfaceHolder holder) { return create(context, uri); }
    public static MediaPlayer create(Context context, int resid) { return create(context, Uri.parse("android.resource://" + context.getPackageName() + "/" + resid)); }

    private void need(State... any) {
        if (!java.util.Arrays.asList(any).contains(state)) throw new IllegalStateException("in state " + state);
    }

    public void setDataSource(String path) throws IOException {
        need(State.IDLE);
        state = State.INITIALIZED;
    }

    public void setDataSource(Context context, Uri uri) throws IOException { setDataSource(uri.toString()); }
    public void setDataSource(Context context, Uri uri, Map<String, String> headers) throws IOException { setDataSource(uri.toString()); }
    public void setDataSource(FileDescriptor fd) throws IOException { setDataSource(""); }
    public void setDataSource(FileDescriptor fd, long offset, long length) throws IOException { setDataSource(""); }
    public void setDataSource(android.content.res.AssetFileDescriptor afd) throws IOException { setDataSource(""); }

    public void prepare() throws IOException {
        need(State.INITIALIZED, State.STOPPED);
        state = State.PREPARED;
        tellPrepared();
    }

    public void prepareAsync() {
        need(State.INITIALIZED, State.STOPPED);
        events.post(() -> {
            if (state != State.INITIALIZED && state != State.STOPPED) return;
            state = State.PREPARED;
            if (prepared != null) prepared.onPrepared(this);
        });
    }

    private void tellPrepared() {
        if (prepared != null) events.post(() -> prepared.onPrepared(this));
    }

    public void start() {
        need(State.PREPARED, State.STARTED, State.PAUSED);
        if (state == State.STARTED) return;
        state = State.STARTED;
        since = SystemClock.uptimeMillis();
        events.postDelayed(end, LENGTH_MS - at);
    }

    private void ended() {
        if (state != State.STARTED) return;
        at = 0;
        since = SystemClock.uptimeMillis();
        if (looping) {
            events.postDelayed(end, LENGTH_MS);
            return;
        }
        state = State.PAUSED;
        if (completed != null) completed.onCompletion(this);
    }

    public void pause() {
        need(State.STARTED, State.PAUSED);
        at = getCurrentPosition();
        state = State.PAUSED;
        events.removeCallbacks(end);
    }

    public void stop() {
        need(State.PREPARED, State.STARTED, State.PAUSED, State.STOPPED);
        state = State.STOPPED;
        at = 0;
        events.removeCallbacks(end);
    }

    public void reset() {
        state = State.IDLE;
        at = 0;
        events.removeCallbacksAndMessages(null);
    }

    public void release() {
        reset();
        state = State.END;
    }

    public void seekTo(int msec) {
        need(State.PREPARED, State.STARTED, State.PAUSED);
        boolean playing = state == State.STARTED;
        if (playing) pause();
        at = Math.max(0, Math.min(msec, LENGTH_MS));
        if (playing) start();
        if (sought != null) events.post(() -> sought.onSeekComplete(this));
    }

    public void seekTo(long msec, int mode) { seekTo((int) msec); }
    public int getCurrentPosition() { return state == State.STARTED ? (int) Math.min(LENGTH_MS, at + SystemClock.uptimeMillis() - since) : at; }
    public int getDuration() { return LENGTH_MS; }
    public boolean isPlaying() { return state == State.STARTED; }
    public void setLooping(boolean value) { looping = value; }
    public boolean isLooping() { return looping; }
    public int getVideoWidth() { return 0; }
    public int getVideoHeight() { return 0; }
    public int getAudioSessionId() { return 1; }
    public void setAudioSessionId(int id) {}
    public void setVolume(float left, float right) {}
    public void setAudioStreamType(int type) {}
    public void setAudioAttributes(AudioAttributes attributes) {}
    public void setDisplay(SurfaceHolder holder) {}
    public void setSurface(Surface surface) {}
    public void setVideoScalingMode(int mode) {}
    public void setScreenOnWhilePlaying(boolean on) {}
    public void setWakeMode(Context context, int mode) {}
    public void setNextMediaPlayer(MediaPlayer next) {}
    public void attachAuxEffect(int id) {}
    public void setOnPreparedListener(OnPreparedListener one) { prepared = one; }
    public void setOnCompletionListener(OnCompletionListener one) { completed = one; }
    public void setOnSeekCompleteListener(OnSeekCompleteListener one) { sought = one; }
    public void setOnErrorListener(OnErrorListener one) {}
    public void setOnInfoListener(OnInfoListener one) {}
    public void setOnBufferingUpdateListener(OnBufferingUpdateListener one) {}
    public void setOnVideoSizeChangedListener(OnVideoSizeChangedListener one) {}
}
