package android.app;

import android.content.DialogInterface;
import android.os.Bundle;
import android.view.LayoutInflater;

public class DialogFragment extends Fragment implements DialogInterface.OnCancelListener, DialogInterface.OnDismissListener {
    public static final int STYLE_NORMAL = 0;
    public static final int STYLE_NO_TITLE = 1;
    public static final int STYLE_NO_FRAME = 2;
    public static final int STYLE_NO_INPUT = 3;
    private int mTheme;
    private boolean mCancelable = true;
    private boolean mShowsDialog = true;
    private boolean mDismissed;
    private boolean mViewDestroyed;
    private Dialog mDialog;
    private boolean mOnStack;

    public void setStyle(int style, int theme) { mTheme = theme; }
    public int getTheme() { return mTheme; }
    public void show(FragmentManager manager, String tag) {
        mDismissed = false;
        manager.beginTransaction().add(this, tag).commit();
    }
    public int show(FragmentTransaction transaction, String tag) {
        mDismissed = false;
        transaction.add(this, tag);
        mOnStack = transaction.mToStack;
        return transaction.commit();
    }
    public void dismiss() { leave(); }
    public void dismissAllowingStateLoss() { leave(); }
    private void leave() {
        if (mDismissed) return;
        mDismissed = true;
        if (mDialog != null) mDialog.dismiss();
        mViewDestroyed = true;
        if (getFragmentManager() == null) return;
        if (mOnStack) getFragmentManager().popBackStack();
        else getFragmentManager().beginTransaction().remove(this).commit();
    }
    public Dialog getDialog() { return mDialog; }
    public void setCancelable(boolean cancelable) {
        mCancelable = cancelable;
        if (mDialog != null) mDialog.setCancelable(cancelable);
    }
    public boolean isCancelable() { return mCancelable; }
    public void setShowsDialog(boolean showsDialog) { mShowsDialog = showsDialog; }
    public boolean getShowsDialog() { return mShowsDialog; }
    public Dialog onCreateDialog(Bundle savedInstanceState) { return new Dialog(getActivity(), getTheme()); }
    @Override public void onCancel(DialogInterface dialog) {}
    @Override public void onDismiss(DialogInterface dialog) { if (!mViewDestroyed) leave(); }
    @Override public LayoutInflater onGetLayoutInflater(Bundle savedInstanceState) {
        mShowsDialog &= getId() == 0;
        mViewDestroyed = false;
        if (mShowsDialog) mDialog = onCreateDialog(savedInstanceState);
        return mDialog == null ? super.onGetLayoutInflater(savedInstanceState) : mDialog.getLayoutInflater();
    }
    @Override public void onActivityCreated(Bundle savedInstanceState) {
        super.onActivityCreated(savedInstanceState);
        if (mDialog == null) return;
        if (getView() != null) mDialog.setContentView(getView());
        mDialog.setOwnerActivity(getActivity());
        mDialog.setCancelable(mCancelable);
        mDialog.setOnCancelListener(this);
        mDialog.setOnDismissListener(this);
    }
    @Override public void onStart() {
        super.onStart();
        if (mDialog != null && !mDismissed) mDialog.show();
    }
    @Override public void onStop() {
        super.onStop();
        if (mDialog != null) mDialog.hide();
    }
    @Override public void onDestroyView() {
        super.onDestroyView();
        mViewDestroyed = true;
        if (mDialog != null) mDialog.dismiss();
        mDialog = null;
    }
}
