package android.widget;

import android.content.Context;
import android.view.View;

public class ListPopupWindow {
    private final ListView mList;
    private final PopupWindow mPopup;
    private View mAnchor;

    public ListPopupWindow(Context context) {
        mList = new ListView(context);
        mPopup = new PopupWindow(mList);
    }

    public void setAdapter(ListAdapter adapter) { mList.setAdapter(adapter); }
    public void setAnchorView(View anchor) { mAnchor = anchor; }
    public View getAnchorView() { return mAnchor; }
    public void setOnItemClickListener(AdapterView.OnItemClickListener l) { mList.setOnItemClickListener(l); }
    public void setOnItemSelectedListener(AdapterView.OnItemSelectedListener l) { mList.setOnItemSelectedListener(l); }
    public void setOnDismissListener(PopupWindow.OnDismissListener l) { mPopup.setOnDismissListener(l); }
    public void setModal(boolean modal) { mPopup.setFocusable(modal); }
    public boolean isModal() { return mPopup.isFocusable(); }
    public void setWidth(int width) { mPopup.setWidth(width); }
    public void setHeight(int height) { mPopup.setHeight(height); }
    public void setContentWidth(int width) { setWidth(width); }
    public void setHorizontalOffset(int offset) {}
    public void setVerticalOffset(int offset) {}
    public void setDropDownGravity(int gravity) {}
    public void setBackgroundDrawable(android.graphics.drawable.Drawable d) {}
    public ListView getListView() { return mPopup.isShowing() ? mList : null; }
    public boolean isShowing() { return mPopup.isShowing(); }
    public void show() {
        if (mAnchor == null) throw new IllegalStateException("ListPopupWindow has no anchor view");
        mPopup.showAsDropDown(mAnchor);
    }
    public void dismiss() { mPopup.dismiss(); }
    public void setSelection(int position) { mList.setSelection(position); }
    public boolean performItemClick(int position) {
        return isShowing() && mList.performItemClick(mList.getChildAt(position), position, mList.getItemIdAtPosition(position));
    }
}
