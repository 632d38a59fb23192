package android.view;

import android.os.Handler;
import android.os.Looper;
import java.util.ArrayList;
import java.util.List;

/** Nothing is laid out or drawn in the process: who waits for that is called once, when it may be taken for done. */
public final class ViewTreeObserver {
    public interface OnGlobalLayoutListener { void onGlobalLayout(); }
    public interface OnPreDrawListener { boolean onPreDraw(); }
    public interface OnDrawListener { void onDraw(); }
    public interface OnScrollChangedListener { void onScrollChanged(); }
    public interface OnGlobalFocusChangeListener { void onGlobalFocusChanged(View oldFocus, View newFocus); }
    public interface OnWindowFocusChangeListener { void onWindowFocusChanged(boolean hasFocus); }

    private final List<Object> mListeners = new ArrayList<>();

    private void once(Object listener, Runnable call) {
        mListeners.add(listener);
        new Handler(Looper.getMainLooper()).post(() -> { if (mListeners.contains(listener)) call.run(); });
    }
    public void addOnGlobalLayoutListener(OnGlobalLayoutListener l) { once(l, l::onGlobalLayout); }
    public void removeOnGlobalLayoutListener(OnGlobalLayoutListener l) { mListeners.remove(l); }
    public void removeGlobalOnLayoutListener(OnGlobalLayoutListener l) { mListeners.remove(l); }
    public void addOnPreDrawListener(OnPreDrawListener l) { once(l, l::onPreDraw); }
    public void removeOnPreDrawListener(OnPreDrawListener l) { mListeners.remove(l); }
    public void addOnDrawListener(OnDrawListener l) { once(l, l::onDraw); }
    public void removeOnDrawListener(OnDrawListener l) { mListeners.remove(l); }
    public void addOnScrollChangedListener(OnScrollChangedListener l) { mListeners.add(l); }
    public void removeOnScrollChangedListener(OnScrollChangedListener l) { mListeners.remove(l); }
    public void addOnGlobalFocusChangeListener(OnGlobalFocusChangeListener l) { mListeners.add(l); }
    public void removeOnGlobalFocusChangeListener(OnGlobalFocusChangeListener l) { mListeners.remove(l); }
    public void addOnWindowFocusChangeListener(OnWindowFocusChangeListener l) { mListeners.add(l); }
    public void removeOnWindowFocusChangeListener(OnWindowFocusChangeListener l) { mListeners.remove(l); }
    public boolean isAlive() { return true; }

    void windowFocus(boolean has) {
        for (Object l : new ArrayList<>(mListeners)) {
            if (l instanceof OnWindowFocusChangeListener) ((OnWindowFocusChangeListener) l).onWindowFocusChanged(has);
        }
    }

    void focusMoved(View from, View to) {
        for (Object l : new ArrayList<>(mListeners)) {
            if (l instanceof OnGlobalFocusChangeListener) ((OnGlobalFocusChangeListener) l).onGlobalFocusChanged(from, to);
        }
    }
}
