package android.widget;

import android.content.Context;

public class TwoLineListItem extends LinearLayout {
    public TwoLineListItem(Context context) { super(context); setOrientation(VERTICAL); }
    public TextView getText1() { return findViewById(android.R.id.text1); }
    public TextView getText2() { return findViewById(android.R.id.text2); }
}
