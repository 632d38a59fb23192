package android.widget;

import android.content.Context;
import android.media.MediaPlayer;
import android.net.Uri;
import android.util.AttributeSet;
import android.view.SurfaceView;

public class VideoView extends SurfaceView implements MediaController.MediaPlayerControl {
    private MediaPlayer mPlayer;
    private boolean mPrepared;
    private boolean mWanted;
    private MediaPlayer.OnPreparedListener mOnPrepared;
    private MediaPlayer.OnCompletionListener mOnCompletion;

    public VideoView(Context context) { super(context); }
    public VideoView(Context context, AttributeSet attrs) { super(context); }
    public VideoView(Context context, AttributeSet attrs, int defStyleAttr) { super(context); }

    public void setVideoPath(String path) { setVideoURI(Uri.parse(path)); }
    public void setVideoURI(Uri uri) { setVideoURI(uri, null); }
    public void setVideoURI(Uri uri, java.util.Map<String, String> headers) {
        stopPlayback();
        mPlayer = new MediaPlayer();
        mPlayer.setOnPreparedListener(mp -> {
            mPrepared = true;
            if (mOnPrepared != null) mOnPrepared.onPrepared(mp);
            if (mWanted) mp.start();
        });
        mPlayer.setOnCompletionListener(mp -> { if (mOnCompletion != null) mOnCompletion.onCompletion(mp); });
        try {
            mPlayer.setDataSource(getContext(), uri);
            mPlayer.prepareAsync();
        } catch (java.io.IOException bad) {
            mPlayer = null;
        }
    }
    public void stopPlayback() {
        if (mPlayer != null) mPlayer.release();
        mPlayer = null;
        mPrepared = mWanted = false;
    }
    @Override public void start() {
        mWanted = true;
        if (mPrepared) mPlayer.start();
    }
    @Override public void pause() {
        mWanted = false;
        if (isPlaying()) mPlayer.pause();
    }
    public void suspend() { stopPlayback(); }
    public void resume() {}
    @Override public int getDuration() { return mPrepared ? mPlayer.getDuration() : -1; }
    @Override public int getCurrentPosition() { return mPrepared ? mPlayer.getCurrentPosition() : 0; }
    @Override public void seekTo(int ms) { if (mPrepared) mPlayer.seekTo(ms); }
    @Override public boolean isPlaying() { return mPrepared && mPlayer.isPlaying(); }
    @Override public int getBufferPercentage() { return 100; }
    @Override public boolean canPause() { return true; }
    @Override public boolean canSeekBackward() { return true; }
    @Override public boolean canSeekForward() { return true; }
    @Override public int getAudioSessionId() { return 1; }
    public void setMediaController(MediaController controller) {}
    public void setOnPreparedListener(MediaPlayer.OnPreparedListener l) { mOnPrepared = l; }
    public void setOnCompletionListener(MediaPlayer.OnCompletionListener l) { mOnCompletion = l; }
    public void setOnErrorListener(MediaPlayer.OnErrorListener l) {}
    public void setOnInfoListener(MediaPlayer.OnInfoListener l) {}
}
