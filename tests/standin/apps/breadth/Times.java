package org.example.breadth;

import android.animation.Animator;
import android.animation.AnimatorListenerAdapter;
import android.animation.AnimatorSet;
import android.animation.ObjectAnimator;
import android.animation.ValueAnimator;
import android.app.Activity;
import android.os.CountDownTimer;
import android.os.Looper;
import android.view.View;
import android.view.animation.AlphaAnimation;
import android.view.animation.Animation;
import android.view.animation.LinearInterpolator;
import android.widget.LinearLayout;
import android.widget.TextView;

/** What comes later, and on which thread. */
final class Times {
    static void all(Activity activity, LinearLayout root) {
        new CountDownTimer(250, 100) {
            private int ticks;

            @Override public void onTick(long left) { ticks++; }
            @Override public void onFinish() { Main.say("counted " + (ticks <= 3) + " " + (Looper.myLooper() == Looper.getMainLooper())); }
        }.start();
        new CountDownTimer(60_000, 10) {
            @Override public void onTick(long left) { cancel(); }
            @Override public void onFinish() { Main.say("a cancelled timer finished"); }
        }.start();
        TextView view = new TextView(activity);
        root.addView(view);
        Runnable dropped = () -> Main.say("a removed callback ran");
        view.postDelayed(dropped, 50);
        view.removeCallbacks(dropped);
        ValueAnimator value = ValueAnimator.ofInt(0, 10);
        value.setDuration(100);
        value.setInterpolator(new LinearInterpolator());
        int[] seen = {-1, 0};
        value.addUpdateListener(a -> {
            seen[1] += (int) a.getAnimatedValue() >= seen[0] ? 0 : 1;
            seen[0] = (int) a.getAnimatedValue();
        });
        value.addListener(new AnimatorListenerAdapter() {
            @Override public void onAnimationStart(Animator a) { Main.say("animation starts " + a.isRunning()); }
            @Override public void onAnimationEnd(Animator a) { Main.say("animation ends " + seen[0] + " " + seen[1] + " " + a.isRunning()); }
        });
        value.start();
        ValueAnimator cancelled = ValueAnimator.ofFloat(0, 1);
        cancelled.addListener(new AnimatorListenerAdapter() {
            @Override public void onAnimationCancel(Animator a) { Main.say("cancelled"); }
        });
        cancelled.start();
        cancelled.cancel();
        AnimatorSet set = new AnimatorSet();
        set.playSequentially(ObjectAnimator.ofFloat(view, "alpha", 1f, 0.5f).setDuration(20), ObjectAnimator.ofFloat(view, "translationX", 40f).setDuration(20));
        set.addListener(new AnimatorListenerAdapter() {
            @Override public void onAnimationEnd(Animator a) {
                Main.say("set ends " + view.getAlpha() + " " + view.getTranslationX());
                view.animate().alpha(0f).scaleX(2f).setDuration(20).withEndAction(() -> Main.say("view ends " + view.getAlpha() + " " + view.getScaleX()));
            }
        });
        set.start();
        Animation fade = new AlphaAnimation(0, 1);
        fade.setDuration(20);
        fade.setRepeatCount(1);
        fade.setAnimationListener(new Animation.AnimationListener() {
            @Override public void onAnimationStart(Animation a) { Main.say("fade starts"); }
            @Override public void onAnimationRepeat(Animation a) { Main.say("fade repeats"); }
            @Override public void onAnimationEnd(Animation a) { Main.say("fade ends " + a.hasEnded()); }
        });
        root.startAnimation(fade);
        View later = new View(activity);
        later.addOnAttachStateChangeListener(new View.OnAttachStateChangeListener() {
            @Override public void onViewAttachedToWindow(View v) { Main.say("attached " + v.isAttachedToWindow()); }
            @Override public void onViewDetachedFromWindow(View v) { Main.say("detached"); }
        });
        root.addView(later);
        root.postDelayed(() -> root.removeView(later), 100);
    }
}
