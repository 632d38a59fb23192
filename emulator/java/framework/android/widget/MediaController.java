package android.widget;

import android.content.Context;
import android.view.View;

public class MediaController extends FrameLayout {
    public interface MediaPlayerControl {
        void start();
        void pause();
        int getDuration();
        int getCurrentPosition();
        void seekTo(int pos);
        boolean isPlaying();
        int getBufferPercentage();
        boolean canPause();
        boolean canSeekBackward();
        boolean canSeekForward();
        int getAudioSessionId();
    }

    private boolean mShowing;

    public MediaController(Context context) { super(context); }
    public MediaController(Context context, boolean fastForward) { super(context); }
    public MediaController(Context context, android.util.AttributeSet attrs) { super(context); }

    public void setMediaPlayer(MediaPlayerControl player) {}
    public void setAnchorView(View view) {}
    public void setPrevNextListeners(OnClickListener next, OnClickListener prev) {}
    public void show() { show(3000); }
    public void show(int timeout) { mShowing = true; }
    public void hide() { mShowing = false; }
    public boolean isShowing() { return mShowing; }
}
