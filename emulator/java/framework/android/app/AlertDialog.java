package android.app;

import android.content.Context;
import android.content.DialogInterface;
import android.graphics.drawable.Drawable;
import android.os.Bundle;
import android.view.View;
import android.widget.ArrayAdapter;
import android.widget.Button;
import android.widget.CheckBox;
import android.widget.LinearLayout;
import android.widget.ListAdapter;
import android.widget.ListView;
import android.widget.ScrollView;
import android.widget.TextView;

public class AlertDialog extends Dialog {
    private CharSequence mTitle;
    private CharSequence mMessage;
    private View mView;
    private CharSequence[] mItems;
    private boolean[] mCheckedItems;
    private OnClickListener mItemListener;
    private OnMultiChoiceClickListener mMultiListener;
    private final CharSequence[] mTexts = new CharSequence[3];
    private final OnClickListener[] mListeners = new OnClickListener[3];
    private final Button[] mButtons = new Button[3];
    private ListAdapter mAdapter;
    private boolean mSingleChoice;
    private int mCheckedItem = -1;
    private ListView mListView;
    private View mCustomTitle;
    private TextView mTitleView;
    private TextView mMessageView;

    protected AlertDialog(Context context) { this(context, 0); }
    protected AlertDialog(Context context, int themeResId) { super(context, themeResId); }

    private static int index(int which) {
        return which == BUTTON_POSITIVE ? 0 : which == BUTTON_NEGATIVE ? 1 : 2;
    }

    public Button getButton(int whichButton) { return mButtons[index(whichButton)]; }
    @Override public void setTitle(CharSequence title) {
        super.setTitle(title);
        mTitle = title;
        if (mTitleView != null) mTitleView.setText(title);
    }
    public void setMessage(CharSequence message) {
        mMessage = message;
        if (mMessageView != null) mMessageView.setText(message);
    }
    public void setView(View view) { mView = view; }
    public ListView getListView() { return mListView; }
    public void setCustomTitle(View view) { mCustomTitle = view; }
    public void setIcon(int resId) {}
    public void setIcon(Drawable icon) {}
    public void setButton(int whichButton, CharSequence text, OnClickListener listener) {
        mTexts[index(whichButton)] = text;
        mListeners[index(whichButton)] = listener;
    }

    @Override protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        LinearLayout all = new LinearLayout(getContext());
        all.setOrientation(LinearLayout.VERTICAL);
        if (mCustomTitle != null) all.addView(mCustomTitle);
        else if (mTitle != null) all.addView(mTitleView = text(mTitle, android.R.id.alertTitle));
        if (mMessage != null) {
            ScrollView scroll = new ScrollView(getContext());
            scroll.addView(mMessageView = text(mMessage, android.R.id.message));
            all.addView(scroll);
        }
        if (mView != null) all.addView(mView);
        for (int i = 0; mItems != null && i < mItems.length; i++) all.addView(item(i));
        if (mAdapter != null) all.addView(mListView = list());
        LinearLayout bar = new LinearLayout(getContext());
        for (int i : new int[] {2, 1, 0}) if (mTexts[i] != null) bar.addView(button(i));
        if (bar.getChildCount() > 0) all.addView(bar);
        setContentView(all);
    }

    private TextView text(CharSequence text, int id) {
        TextView v = new TextView(getContext());
        v.setText(text);
        v.setId(id);
        return v;
    }

    private ListView list() {
        ListView list = new ListView(getContext());
        list.setId(android.R.id.list);
        list.setChoiceMode(mSingleChoice ? ListView.CHOICE_MODE_SINGLE : ListView.CHOICE_MODE_NONE);
        list.setAdapter(mAdapter);
        if (mCheckedItem >= 0) list.setItemChecked(mCheckedItem, true);
        list.setOnItemClickListener((parent, view, position, id) -> {
            if (mItemListener != null) mItemListener.onClick(this, position);
            if (!mSingleChoice) dismiss();
        });
        return list;
    }

    private View item(int i) {
        if (mMultiListener != null || mCheckedItems != null) {
            CheckBox box = new CheckBox(getContext());
            box.setText(mItems[i]);
            if (mCheckedItems != null) box.setChecked(mCheckedItems[i]);
            box.setOnCheckedChangeListener((b, on) -> { if (mMultiListener != null) mMultiListener.onClick(this, i, on); });
            return box;
        }
        TextView row = text(mItems[i], android.R.id.text1);
        row.setOnClickListener(v -> {
            if (mItemListener != null) mItemListener.onClick(this, i);
            dismiss();
        });
        return row;
    }

    private Button button(int i) {
        Button b = new Button(getContext());
        b.setText(mTexts[i]);
        b.setId(new int[] {android.R.id.button1, android.R.id.button2, android.R.id.button3}[i]);
        b.setOnClickListener(v -> {
            if (mListeners[i] != null) mListeners[i].onClick(this, -1 - i);
            dismiss();
        });
        mButtons[i] = b;
        return b;
    }

    public static class Builder {
        private final Context mContext;
        private final AlertDialog mDialog;

        public Builder(Context context) { this(context, 0); }
        public Builder(Context context, int themeResId) {
            mContext = context;
            mDialog = new AlertDialog(context, themeResId);
        }
        public Context getContext() { return mContext; }
        public Builder setTitle(int id) { return setTitle(mContext.getText(id)); }
        public Builder setTitle(CharSequence t) { mDialog.setTitle(t); return this; }
        public Builder setMessage(int id) { return setMessage(mContext.getText(id)); }
        public Builder setMessage(CharSequence m) { mDialog.setMessage(m); return this; }
        public Builder setIcon(int id) { return this; }
        public Builder setIcon(Drawable d) { return this; }
        public Builder setView(View v) { mDialog.setView(v); return this; }
        public Builder setPositiveButton(int id, OnClickListener l) { return setPositiveButton(mContext.getText(id), l); }
        public Builder setPositiveButton(CharSequence t, OnClickListener l) { mDialog.setButton(BUTTON_POSITIVE, t, l); return this; }
        public Builder setNegativeButton(int id, OnClickListener l) { return setNegativeButton(mContext.getText(id), l); }
        public Builder setNegativeButton(CharSequence t, OnClickListener l) { mDialog.setButton(BUTTON_NEGATIVE, t, l); return this; }
        public Builder setNeutralButton(int id, OnClickListener l) { return setNeutralButton(mContext.getText(id), l); }
        public Builder setNeutralButton(CharSequence t, OnClickListener l) { mDialog.setButton(BUTTON_NEUTRAL, t, l); return this; }
        public Builder setItems(CharSequence[] items, OnClickListener l) {
            mDialog.mItems = items;
            mDialog.mItemListener = l;
            return this;
        }
        public Builder setAdapter(ListAdapter adapter, OnClickListener l) {
            mDialog.mAdapter = adapter;
            mDialog.mItemListener = l;
            return this;
        }
        public Builder setSingleChoiceItems(ListAdapter adapter, int checked, OnClickListener l) {
            mDialog.mSingleChoice = true;
            mDialog.mCheckedItem = checked;
            return setAdapter(adapter, l);
        }
        public Builder setSingleChoiceItems(CharSequence[] items, int checked, OnClickListener l) {
            return setSingleChoiceItems(new ArrayAdapter<>(mContext, android.R.layout.select_dialog_singlechoice, items), checked, l);
        }
        public Builder setCustomTitle(View v) { mDialog.mCustomTitle = v; return this; }
        public Builder setOnKeyListener(DialogInterface.OnKeyListener l) { mDialog.setOnKeyListener(l); return this; }
        public Builder setMultiChoiceItems(CharSequence[] items, boolean[] checked, OnMultiChoiceClickListener l) {
            mDialog.mItems = items;
            mDialog.mCheckedItems = checked == null ? new boolean[items.length] : checked;
            mDialog.mMultiListener = l;
            return this;
        }
        public Builder setCancelable(boolean v) { mDialog.setCancelable(v); return this; }
        public Builder setOnCancelListener(DialogInterface.OnCancelListener l) { mDialog.setOnCancelListener(l); return this; }
        public Builder setOnDismissListener(DialogInterface.OnDismissListener l) { mDialog.setOnDismissListener(l); return this; }
        public AlertDialog create() { return mDialog; }
        public AlertDialog show() {
            mDialog.show();
            return mDialog;
        }
    }
}
