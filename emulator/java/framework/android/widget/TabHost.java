package android.widget;

import android.content.Context;
import android.graphics.drawable.Drawable;
import android.view.View;
import java.util.ArrayList;
import java.util.List;

/** Buttons above, and the content of the one that was chosen. */
public class TabHost extends FrameLayout {
    private final List<TabSpec> mSpecs = new ArrayList<>();
    private final LinearLayout mAll;
    private LinearLayout mTabs;
    private FrameLayout mContent;
    private int mCurrent = -1;
    private OnTabChangeListener mListener;

    public interface OnTabChangeListener { void onTabChanged(String tabId); }
    public interface TabContentFactory { View createTabContent(String tag); }

    public class TabSpec {
        private final String mTag;
        private CharSequence mLabel;
        private int mViewId;
        private TabContentFactory mFactory;
        private View mView;

        private TabSpec(String tag) { mTag = tag; }
        public TabSpec setIndicator(CharSequence label) { mLabel = label; return this; }
        public TabSpec setIndicator(CharSequence label, Drawable icon) { return setIndicator(label); }
        public TabSpec setContent(int viewId) { mViewId = viewId; return this; }
        public TabSpec setContent(TabContentFactory factory) { mFactory = factory; return this; }
        public String getTag() { return mTag; }
    }

    public TabHost(Context context) {
        super(context);
        mAll = new LinearLayout(context);
        mAll.setOrientation(LinearLayout.VERTICAL);
    }
    public TabHost(Context context, android.util.AttributeSet attrs) { this(context); }
    public TabHost(Context context, android.util.AttributeSet attrs, int defStyleAttr) { this(context, attrs); }
    public TabHost(Context context, android.util.AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }

    /** With places of its own, where the app made none with Android's names for them. */
    public void setup() {
        View tabs = findViewById(android.R.id.tabs);
        View content = findViewById(android.R.id.tabcontent);
        mTabs = tabs instanceof LinearLayout ? (LinearLayout) tabs : new LinearLayout(getContext());
        mContent = content instanceof FrameLayout ? (FrameLayout) content : new FrameLayout(getContext());
        if (tabs == null) mAll.addView(mTabs);
        if (content == null) mAll.addView(mContent);
        if (mAll.getChildCount() > 0) addView(mAll);
    }
    public TabSpec newTabSpec(String tag) { return new TabSpec(tag); }
    public void addTab(TabSpec spec) {
        if (spec.mLabel == null) throw new IllegalArgumentException("you must specify a way to create the tab indicator.");
        int index = mSpecs.size();
        mSpecs.add(spec);
        Button tab = new Button(getContext());
        tab.setText(spec.mLabel);
        tab.setOnClickListener(v -> setCurrentTab(index));
        mTabs.addView(tab);
        if (spec.mViewId != 0) findViewById(spec.mViewId).setVisibility(GONE);
        if (mCurrent == -1) setCurrentTab(0);
    }
    public void setCurrentTab(int index) {
        if (index < 0 || index >= mSpecs.size() || index == mCurrent) return;
        if (mCurrent >= 0) mSpecs.get(mCurrent).mView.setVisibility(GONE);
        mCurrent = index;
        TabSpec spec = mSpecs.get(index);
        if (spec.mView == null && spec.mFactory != null) mContent.addView(spec.mView = spec.mFactory.createTabContent(spec.mTag));
        else if (spec.mView == null) spec.mView = findViewById(spec.mViewId);
        spec.mView.setVisibility(VISIBLE);
        if (mListener != null) mListener.onTabChanged(spec.mTag);
    }
    public void setCurrentTabByTag(String tag) { for (int i = 0; i < mSpecs.size(); i++) if (mSpecs.get(i).mTag.equals(tag)) setCurrentTab(i); }
    public int getCurrentTab() { return mCurrent; }
    public String getCurrentTabTag() { return mCurrent < 0 ? null : mSpecs.get(mCurrent).mTag; }
    public View getCurrentView() { return mCurrent < 0 ? null : mSpecs.get(mCurrent).mView; }
    public void setOnTabChangedListener(OnTabChangeListener l) { mListener = l; }
}
