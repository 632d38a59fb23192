package android.content;

import android.os.Handler;
import android.os.Looper;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import standin.Device;
import standin.Read;

/** The device gives the content only to the app that has the focus. */
public class ClipboardManager {
    private static final String CLS = "android.content.ClipboardManager";
    private static final List<OnPrimaryClipChangedListener> LISTENERS = new CopyOnWriteArrayList<>();

    private final Context context;

    public ClipboardManager(Context context) {
        this.context = context;
    }

    public interface OnPrimaryClipChangedListener {
        void onPrimaryClipChanged();
    }

    private static ClipData clip() {
        Object answer = Device.call("clipboard.get", Map.of());
        if (!(answer instanceof Map)) return null;
        Map<?, ?> held = (Map<?, ?>) answer;
        return held.get("text") == null ? null : ClipData.newPlainText(Read.text(held.get("label")), Read.text(held.get("text")));
    }

    public ClipData getPrimaryClip() {
        return Read.give("clipboard", CLS, "getPrimaryClip", clip());
    }

    public ClipDescription getPrimaryClipDescription() {
        ClipData data = clip();
        return Read.give("clipboard", CLS, "getPrimaryClipDescription", data == null ? null : data.getDescription());
    }

    public boolean hasPrimaryClip() {
        boolean there = clip() != null;
        Device.truth("clipboard", CLS, "hasPrimaryClip", there ? "value" : "null");
        return there;
    }

    @Deprecated
    public CharSequence getText() {
        ClipData data = getPrimaryClip();
        return data == null || data.getItemCount() == 0 ? null : data.getItemAt(0).coerceToText(context);
    }

    @Deprecated
    public boolean hasText() {
        return hasPrimaryClip();
    }

    public void setPrimaryClip(ClipData data) {
        Device.call("clipboard.set", Map.of("text", String.valueOf(data.getItemAt(0).coerceToText(null)),
                "label", String.valueOf(data.getDescription().getLabel())));
        // As the service's callback does it: the listeners are called later, by the main thread.
        for (OnPrimaryClipChangedListener one : LISTENERS) new Handler(Looper.getMainLooper()).post(one::onPrimaryClipChanged);
    }

    @Deprecated
    public void setText(CharSequence text) {
        setPrimaryClip(ClipData.newPlainText(null, text));
    }

    public void clearPrimaryClip() {
        setPrimaryClip(ClipData.newPlainText("", ""));
    }

    public void addPrimaryClipChangedListener(OnPrimaryClipChangedListener what) {
        Device.truth("clipboard", CLS, "addPrimaryClipChangedListener", "value");
        LISTENERS.add(what);
    }

    public void removePrimaryClipChangedListener(OnPrimaryClipChangedListener what) {
        LISTENERS.remove(what);
    }
}
