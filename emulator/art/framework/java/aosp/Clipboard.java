package aosp;

import android.content.ClipData;
import android.content.ClipDescription;
import android.content.IOnPrimaryClipChangedListener;
import android.os.RemoteException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;

/** IClipboard, with the device's clip until an app sets one. */
final class Clipboard {
    private final List<IOnPrimaryClipChangedListener> listeners = new ArrayList<>();
    private ClipData clip;
    private boolean cleared;

    private ClipData now() {
        JSONObject here = Link.there() ? (JSONObject) Link.ask("clipboard.get", Collections.emptyMap()) : State.object("clipboard");
        if (here == null) return null;  // the app is not in front
        return clip != null || cleared ? clip : ClipData.newPlainText(here.optString("label"), here.optString("text"));
    }

    public ClipData getPrimaryClip(String caller, String tag, int user) {
        return now();
    }

    public ClipDescription getPrimaryClipDescription(String caller, String tag, int user) {
        return now() == null ? null : now().getDescription();
    }

    public boolean hasPrimaryClip(String caller, String tag, int user) {
        return now() != null;
    }

    public boolean hasClipboardText(String caller, String tag, int user) {
        return now() != null;
    }

    public void setPrimaryClip(ClipData value, String caller, String tag, int user) throws RemoteException {
        clip = value;
        for (IOnPrimaryClipChangedListener one : listeners) one.dispatchPrimaryClipChanged();
    }

    public void clearPrimaryClip(String caller, String tag, int user) {
        clip = null;
        cleared = true;
    }

    public void addPrimaryClipChangedListener(IOnPrimaryClipChangedListener one, String caller, String tag, int user) {
        listeners.add(one);
    }

    public void removePrimaryClipChangedListener(IOnPrimaryClipChangedListener one, String caller, String tag, int user) {
        listeners.remove(one);
    }
}
