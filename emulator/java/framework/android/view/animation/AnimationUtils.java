package android.view.animation;

import android.content.Context;
import android.content.res.Resources;

public class AnimationUtils {
    public static long currentAnimationTimeMillis() { return android.os.SystemClock.uptimeMillis(); }

    /** The platform's fades; an app's animation resources do not exist here. */
    public static Animation loadAnimation(Context context, int id) {
        boolean in = id == android.R.anim.fade_in;
        if (!in && id != android.R.anim.fade_out) throw new Resources.NotFoundException("Can't load animation resource ID #0x" + Integer.toHexString(id));
        Animation fade = new AlphaAnimation(in ? 0 : 1, in ? 1 : 0);
        fade.setDuration(400);
        return fade;
    }
}
