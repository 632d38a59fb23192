package org.example.breadth;

import android.app.Activity;
import android.text.InputFilter;
import android.text.InputType;
import android.text.method.HideReturnsTransformationMethod;
import android.view.View;
import android.widget.ArrayAdapter;
import android.widget.AutoCompleteTextView;
import android.widget.EditText;
import android.widget.LinearLayout;

/** Where text goes: focus, keys, filters. */
final class Fields {
    Fields(Activity activity, LinearLayout root) {
        LinearLayout form = new LinearLayout(activity);
        form.setOrientation(LinearLayout.VERTICAL);
        EditText name = field(activity, "name");
        EditText secret = field(activity, "secret");
        secret.setInputType(InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD);
        name.setFilters(new InputFilter[] {new InputFilter.LengthFilter(5)});
        name.setOnEditorActionListener((v, action, event) -> {
            Main.say("entered " + v.getText());
            return true;
        });
        AutoCompleteTextView town = new AutoCompleteTextView(activity);
        town.setHint("town");
        town.setAdapter(new ArrayAdapter<>(activity, android.R.layout.simple_dropdown_item_1line, new String[] {"Hamburg", "Hamm", "Bonn"}));
        town.setOnItemClickListener((parent, view, position, id) -> Main.say("town " + town.getText() + " " + position));
        for (View one : new View[] {name, secret, town}) form.addView(one);
        root.addView(form);
        Main.say("form takes it " + form.requestFocus() + " " + name.isFocused() + " " + form.hasFocus() + " " + (form.findFocus() == name));
        secret.requestFocus();
        Main.say("secret has it " + secret.isFocused() + " " + form.getFocusedChild().getTag());
        secret.setTransformationMethod(HideReturnsTransformationMethod.getInstance());
        secret.clearFocus();
        Main.say("nobody has it " + form.hasFocus());
        try {
            name.setText("abc");
            name.setSelection(1, 3);
            Main.say("selected " + name.getSelectionStart() + " " + name.getSelectionEnd() + " " + name.hasSelection());
            name.setSelection(9);
        } catch (IndexOutOfBoundsException beyond) {
            Main.say("beyond");
        }
        name.setText("");
    }

    private static EditText field(Activity activity, String hint) {
        EditText made = new EditText(activity);
        made.setHint(hint);
        made.setTag(hint);
        made.setOnFocusChangeListener((v, has) -> Main.say("focus " + hint + " " + has));
        return made;
    }
}
