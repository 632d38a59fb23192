package org.example.breadth;

import android.app.Activity;
import android.app.AlertDialog;
import android.view.View;
import android.view.ViewGroup;
import android.widget.AdapterView;
import android.widget.ArrayAdapter;
import android.widget.BaseAdapter;
import android.widget.Button;
import android.widget.GridView;
import android.widget.LinearLayout;
import android.widget.ListView;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.RatingBar;
import android.widget.SeekBar;
import android.widget.Spinner;
import android.widget.TextView;
import java.util.ArrayList;
import java.util.List;

/** Adapters and the views that show them; controls with values. */
final class Lists {
    Lists(Activity activity, LinearLayout root) {
        ArrayAdapter<String> rows = new ArrayAdapter<>(activity, android.R.layout.simple_list_item_1, new ArrayList<>(List.of("row one", "row two")));
        ListView list = new ListView(activity);
        TextView header = new TextView(activity);
        header.setText("header");
        list.addHeaderView(header);
        list.setAdapter(rows);
        list.setOnItemClickListener((parent, view, position, id) -> {
            Main.say("row " + position + " " + id + " " + parent.getItemAtPosition(position));
            if (position == 1) rows.add("row three");
        });
        list.setOnItemLongClickListener((parent, view, position, id) -> {
            Main.say("held " + position);
            return true;
        });
        root.addView(list);
        GridView grid = new GridView(activity);
        grid.setAdapter(new Cells(activity));
        grid.setOnItemClickListener((parent, view, position, id) -> Main.say("cell " + position));
        root.addView(grid);
        Spinner spinner = new Spinner(activity);
        ArrayAdapter<String> cities = new ArrayAdapter<>(activity, android.R.layout.simple_spinner_item, new String[] {"Lyon", "Oslo"});
        cities.setDropDownViewResource(android.R.layout.simple_spinner_dropdown_item);
        spinner.setAdapter(cities);
        spinner.setOnItemSelectedListener(new AdapterView.OnItemSelectedListener() {
            @Override public void onItemSelected(AdapterView<?> parent, View view, int position, long id) {
                Main.say("city " + parent.getSelectedItem() + " " + ((TextView) view).getText());
            }
            @Override public void onNothingSelected(AdapterView<?> parent) { Main.say("no city"); }
        });
        root.addView(spinner);
        Button one = new Button(activity);
        one.setText("choose");
        one.setOnClickListener(v -> {
            AlertDialog[] shown = new AlertDialog[1];
            shown[0] = new AlertDialog.Builder(activity).setTitle("pick").setSingleChoiceItems(new String[] {"small", "large"}, 0, (d, which) -> Main.say("picked " + which))
                    .setPositiveButton("done", (d, which) -> Main.say("done " + shown[0].getListView().getCheckedItemPosition())).show();
        });
        root.addView(one);
        controls(activity);
    }

    private static void controls(Activity activity) {
        RadioGroup group = new RadioGroup(activity);
        for (String name : new String[] {"a", "b"}) {
            RadioButton button = new RadioButton(activity);
            button.setText(name);
            button.setId(name.charAt(0));
            group.addView(button);
        }
        group.setOnCheckedChangeListener((g, id) -> Main.say("radio " + id));
        group.check('a');
        group.check('b');
        Main.say("radio a " + ((RadioButton) group.getChildAt(0)).isChecked());
        group.clearCheck();
        SeekBar bar = new SeekBar(activity);
        bar.setOnSeekBarChangeListener(new SeekBar.OnSeekBarChangeListener() {
            @Override public void onProgressChanged(SeekBar seekBar, int progress, boolean fromUser) { Main.say("seek " + progress + " " + fromUser); }
            @Override public void onStartTrackingTouch(SeekBar seekBar) {}
            @Override public void onStopTrackingTouch(SeekBar seekBar) {}
        });
        bar.setProgress(140);
        bar.setProgress(100);
        RatingBar stars = new RatingBar(activity);
        stars.setRating(3.5f);
        Main.say("stars " + stars.getRating() + " of " + stars.getNumStars());
    }

    /** Cells with a button in them, which takes the tap, and one that no button is in. */
    private static final class Cells extends BaseAdapter {
        private final Activity activity;

        Cells(Activity activity) { this.activity = activity; }
        @Override public int getCount() { return 2; }
        @Override public Object getItem(int position) { return position; }
        @Override public long getItemId(int position) { return position; }
        @Override public View getView(int position, View convertView, ViewGroup parent) {
            TextView cell = position == 0 ? new TextView(activity) : new Button(activity);
            cell.setText("cell " + position);
            if (position == 1) cell.setOnClickListener(v -> Main.say("button in a cell"));
            LinearLayout whole = new LinearLayout(activity);
            whole.addView(cell);
            return whole;
        }
    }
}
