package org.example.breadth;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.Dialog;
import android.app.DialogFragment;
import android.app.Fragment;
import android.content.Context;
import android.content.DialogInterface;
import android.os.Bundle;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.FrameLayout;
import android.widget.LinearLayout;
import android.widget.TextView;

/** Fragments in a place of the screen, on the back stack, and as dialogs. */
final class Parts {
    Parts(Activity activity, LinearLayout root) {
        FrameLayout place = new FrameLayout(activity);
        place.setId(77);
        root.addView(place);
        Bundle words = new Bundle();
        words.putString("word", "first");
        Fragment first = new Page();
        first.setArguments(words);
        activity.getFragmentManager().beginTransaction().add(77, first, "one").commit();
        button(activity, root, "replace", () -> activity.getFragmentManager().beginTransaction().replace(77, new Page(), "two").addToBackStack(null).commit());
        button(activity, root, "ask", () -> new Question().show(activity.getFragmentManager(), "question"));
    }

    private static void button(Activity activity, LinearLayout root, String text, Runnable action) {
        Button made = new Button(activity);
        made.setText(text);
        made.setOnClickListener(v -> action.run());
        root.addView(made);
    }

    public static final class Page extends Fragment {
        private String word() { return getArguments() == null ? "other" : getArguments().getString("word"); }
        @Override public void onAttach(Context context) { super.onAttach(context); Main.say(word() + " attached " + (getActivity() == context)); }
        @Override public View onCreateView(LayoutInflater inflater, ViewGroup container, Bundle state) {
            TextView made = new TextView(inflater.getContext());
            made.setText("page " + word());
            return made;
        }
        @Override public void onViewCreated(View view, Bundle state) { Main.say(word() + " has a view " + (view.getParent() != null)); }
        @Override public void onResume() { super.onResume(); Main.say(word() + " resumed " + isAdded() + " " + (getFragmentManager().findFragmentByTag(getTag()) == this)); }
        @Override public void onDestroyView() { super.onDestroyView(); Main.say(word() + " loses its view"); }
        @Override public void onDestroy() { super.onDestroy(); Main.say(word() + " destroyed"); }
    }

    public static final class Question extends DialogFragment {
        @Override public Dialog onCreateDialog(Bundle state) {
            return new AlertDialog.Builder(getActivity()).setTitle("question").setPositiveButton("yes", (d, which) -> Main.say("yes")).create();
        }
        @Override public void onDismiss(DialogInterface dialog) {
            super.onDismiss(dialog);
            Main.say("question gone " + isRemoving());
        }
    }
}
