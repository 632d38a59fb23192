package android.widget;

import android.content.Context;
import android.content.res.ColorStateList;
import android.graphics.drawable.Drawable;
import android.text.Editable;
import android.text.InputType;
import android.text.Selection;
import android.text.SpannableString;
import android.text.SpannableStringBuilder;
import android.text.Spanned;
import android.text.TextPaint;
import android.text.TextWatcher;
import android.text.method.MovementMethod;
import android.text.method.PasswordTransformationMethod;
import android.text.style.ClickableSpan;
import android.text.style.URLSpan;
import android.text.util.Linkify;
import android.util.AttributeSet;
import android.view.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class TextView extends View {
    public enum BufferType { NORMAL, SPANNABLE, EDITABLE }

    public interface OnEditorActionListener {
        boolean onEditorAction(TextView v, int actionId, android.view.KeyEvent event);
    }

    private CharSequence mText = "";
    private CharSequence mHint;
    private int mInputType = InputType.TYPE_NULL;
    private CharSequence mError;
    private MovementMethod mMovement;
    private Drawable[] mDrawables = new Drawable[4];
    private OnEditorActionListener mEditorActionListener;
    private final TextPaint mPaint = new TextPaint();
    private final List<TextWatcher> mListeners = new ArrayList<>();
    private final Map<ClickableSpan, Integer> mLinkNodes = new LinkedHashMap<>();

    public TextView(Context context) { super(context); }
    public TextView(Context context, AttributeSet attrs) { super(context, attrs); }
    public TextView(Context context, AttributeSet attrs, int defStyleAttr, int defStyleRes) { this(context, attrs); }
    public TextView(Context context, AttributeSet attrs, int defStyleAttr) { super(context, attrs); }

    public CharSequence getText() { return mText; }
    public final void setText(CharSequence text) { setText(text, BufferType.NORMAL); }
    public final void setText(int resid) { setText(getContext().getResources().getText(resid)); }
    public final void setText(int resid, BufferType type) { setText(getContext().getResources().getText(resid), type); }
    public final void setText(char[] text, int start, int len) { setText(new String(text, start, len)); }
    public void setText(CharSequence text, BufferType type) { setText(text == null ? "" : text, type, true, 0); }
    private void setText(CharSequence text, BufferType type, boolean notifyBefore, int oldlen) {
        CharSequence old = mText;
        for (android.text.InputFilter filter : getFilters()) {
            CharSequence kept = filter.filter(text, 0, text.length(), new SpannableString(""), 0, 0);
            if (kept != null) text = kept;
        }
        for (TextWatcher w : new ArrayList<>(mListeners)) w.beforeTextChanged(old, 0, old.length(), text.length());
        if (getAutoLinkMask() != 0) {
            SpannableString linked = new SpannableString(text);
            Linkify.addLinks(linked, getAutoLinkMask());
            text = linked;
        }
        mText = type == BufferType.EDITABLE ? new SpannableStringBuilder(text) : text;
        mLinkNodes.clear();
        for (TextWatcher w : new ArrayList<>(mListeners)) w.onTextChanged(mText, 0, old.length(), mText.length());
        if (!mListeners.isEmpty()) {
            Editable editable = mText instanceof Editable ? (Editable) mText : new SpannableStringBuilder(mText);
            for (TextWatcher w : new ArrayList<>(mListeners)) w.afterTextChanged(editable);
        }
        invalidate();
    }
    public void append(CharSequence text) {
        SpannableStringBuilder b = new SpannableStringBuilder(mText);
        b.append(text);
        setText(b);
    }
    public int length() { return mText.length(); }
    public Editable getEditableText() { return mText instanceof Editable ? (Editable) mText : null; }
    public void addTextChangedListener(TextWatcher w) { mListeners.add(w); }
    public void removeTextChangedListener(TextWatcher w) { mListeners.remove(w); }
    public void setOnEditorActionListener(OnEditorActionListener l) { mEditorActionListener = l; }
    public final void setHint(CharSequence hint) { mHint = hint; invalidate(); }
    public CharSequence getHint() { return mHint; }
    public void setInputType(int type) {
        mInputType = type;
        if (hidden(type) != (getTransformationMethod() instanceof PasswordTransformationMethod)) {
            setTransformationMethod(hidden(type) ? PasswordTransformationMethod.getInstance() : null);
        }
        invalidate();
    }
    private static boolean hidden(int type) {
        int variation = type & (InputType.TYPE_MASK_CLASS | InputType.TYPE_MASK_VARIATION);
        return variation == (InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD)
                || variation == (InputType.TYPE_CLASS_NUMBER | InputType.TYPE_NUMBER_VARIATION_PASSWORD);
    }
    public int getInputType() { return mInputType; }
    public final void setMovementMethod(MovementMethod movement) {
        mMovement = movement;
        setFocusable(movement != null);
    }
    public final MovementMethod getMovementMethod() { return mMovement; }
    public void append(CharSequence text, int start, int end) { append(text.subSequence(start, end)); }
    public void setRawInputType(int type) { mInputType = type; }
    public void setTextSize(float size) { setTextSize(android.util.TypedValue.COMPLEX_UNIT_SP, size); }
    public void setTextSize(int unit, float size) { mPaint.setTextSize(android.util.TypedValue.applyDimension(unit, size, android.view.Display.standinMetrics())); }
    public void setTextColor(int color) { mPaint.setColor(color); }
    public void setTextColor(ColorStateList colors) { setTextColor(colors.getDefaultColor()); }
    public final void setHintTextColor(int color) {}
    public final void setHintTextColor(ColorStateList colors) {}
    public final void setHint(int resid) { setHint(getContext().getResources().getText(resid)); }
    public void setSingleLine() { setSingleLine(true); }
    public void setSingleLine(boolean single) { setMaxLines(single ? 1 : Integer.MAX_VALUE); }
    public void setLineSpacing(float add, float mult) {}
    public void setLinkTextColor(int color) {}
    public void setShadowLayer(float radius, float dx, float dy, int color) {}
    public void setTypeface(android.graphics.Typeface face) { mPaint.setTypeface(face); }
    public void setTypeface(android.graphics.Typeface face, int style) { setTypeface(android.graphics.Typeface.create(face, style)); }
    public android.graphics.Typeface getTypeface() { return mPaint.getTypeface(); }
    public TextPaint getPaint() { return mPaint; }
    public float getTextSize() { return mPaint.getTextSize(); }
    public final int getCurrentTextColor() { return mPaint.getColor(); }
    public final ColorStateList getTextColors() { return ColorStateList.valueOf(mPaint.getColor()); }
    public void setTextAppearance(int resId) {}
    public void setTextAppearance(Context context, int resId) {}
    public void setCompoundDrawables(Drawable left, Drawable top, Drawable right, Drawable bottom) { mDrawables = new Drawable[] {left, top, right, bottom}; }
    public void setCompoundDrawablesWithIntrinsicBounds(Drawable left, Drawable top, Drawable right, Drawable bottom) { setCompoundDrawables(left, top, right, bottom); }
    public void setCompoundDrawablesWithIntrinsicBounds(int left, int top, int right, int bottom) {
        setCompoundDrawables(drawable(left), drawable(top), drawable(right), drawable(bottom));
    }
    public void setCompoundDrawablesRelativeWithIntrinsicBounds(int start, int top, int end, int bottom) { setCompoundDrawablesWithIntrinsicBounds(start, top, end, bottom); }
    private Drawable drawable(int id) { return id == 0 ? null : new android.graphics.drawable.ColorDrawable(); }
    public Drawable[] getCompoundDrawables() { return mDrawables.clone(); }
    public int getLineCount() { return mText.toString().split("\n", -1).length; }
    public android.text.style.URLSpan[] getUrls() {
        return mText instanceof Spanned ? ((Spanned) mText).getSpans(0, mText.length(), URLSpan.class) : new URLSpan[0];
    }
    public CharSequence getError() { return mError; }
    public void setError(CharSequence error) { mError = error; }
    public void setError(CharSequence error, Drawable icon) { setError(error); }
    public int getSelectionStart() { return Selection.getSelectionStart(mText); }
    public int getSelectionEnd() { return Selection.getSelectionEnd(mText); }
    public boolean hasSelection() { return getSelectionStart() >= 0 && getSelectionStart() != getSelectionEnd(); }
    /** The enter key, or the one that stands in its place on the keyboard. */
    public void onEditorAction(int actionCode) { if (mEditorActionListener != null) mEditorActionListener.onEditorAction(this, actionCode, null); }
    @Override public boolean dispatchKeyEvent(android.view.KeyEvent event) {
        if (super.dispatchKeyEvent(event)) return true;
        boolean enter = event.getKeyCode() == android.view.KeyEvent.KEYCODE_ENTER && event.getAction() == android.view.KeyEvent.ACTION_DOWN;
        return enter && mEditorActionListener != null && mEditorActionListener.onEditorAction(this, 0, event);
    }

    private ClickableSpan[] links() {
        return mText instanceof Spanned ? ((Spanned) mText).getSpans(0, mText.length(), ClickableSpan.class) : new ClickableSpan[0];
    }

    private static String url(ClickableSpan span) { return span instanceof URLSpan ? ((URLSpan) span).getURL() : ""; }

    @Override public View standinFind(int node) { return mLinkNodes.containsValue(node) ? this : super.standinFind(node); }

    /** A tap on a link goes to the link, as a movement method sends it; a single link takes taps on all of the text. */
    @Override public boolean standinTap(int node) {
        ClickableSpan[] spans = links();
        for (ClickableSpan span : spans) {
            Integer own = mLinkNodes.get(span);
            if (own != null && own == node || spans.length == 1 && !isClickable()) {
                span.onClick(this);
                return true;
            }
        }
        return super.standinTap(node);
    }

    @Override public Map<String, Object> standinNode() {
        Map<String, Object> n = super.standinNode();
        n.put("text", mText.toString());
        n.put("hint", mHint == null ? "" : mHint.toString());
        n.put("password", getTransformationMethod() instanceof PasswordTransformationMethod);
        ClickableSpan[] spans = links();
        if (spans.length > 0) {
            n.put("link", url(spans[0]));
            if (!isClickable()) n.put("clickable", spans.length == 1);
        }
        if (spans.length > 1) {
            List<Object> children = new ArrayList<>();
            for (ClickableSpan span : spans) children.add(linkNode(span));
            n.put("children", children);
        }
        return n;
    }

    private Map<String, Object> linkNode(ClickableSpan span) {
        Spanned text = (Spanned) mText;
        Map<String, Object> n = new View(getContext()).standinNode();
        n.put("id", mLinkNodes.computeIfAbsent(span, s -> ((Number) n.get("id")).intValue()));
        n.put("text", text.subSequence(text.getSpanStart(span), text.getSpanEnd(span)).toString());
        n.put("link", url(span));
        n.put("clickable", true);
        return n;
    }
    private android.text.method.KeyListener mKeyListener;
    private CharSequence mActionLabel;
    private int mActionId;
    private java.util.Locale mTextLocale;

    protected void onTextChanged(CharSequence text, int start, int lengthBefore, int lengthAfter) {}
    protected void onSelectionChanged(int start, int end) {}
    public boolean onTextContextMenuItem(int id) { return false; }
    public void setKeyListener(android.text.method.KeyListener input) {
        mKeyListener = input;
        if (input != null) setInputType(input.getInputType());
    }
    public final android.text.method.KeyListener getKeyListener() { return mKeyListener; }
    public void setImeActionLabel(CharSequence label, int id) {
        mActionLabel = label;
        mActionId = id;
    }
    public CharSequence getImeActionLabel() { return mActionLabel; }
    public int getImeActionId() { return mActionId; }
    public void setCompoundDrawablesRelative(Drawable start, Drawable top, Drawable end, Drawable bottom) { setCompoundDrawables(start, top, end, bottom); }
    public Drawable[] getCompoundDrawablesRelative() { return getCompoundDrawables(); }
    public void setCompoundDrawableTintList(android.content.res.ColorStateList tint) {}
    public void setCompoundDrawableTintMode(android.graphics.PorterDuff.Mode mode) {}
    public void setAutoSizeTextTypeWithDefaults(int type) {}
    public void setAutoSizeTextTypeUniformWithConfiguration(int min, int max, int step, int unit) {}
    public void setAutoSizeTextTypeUniformWithPresetSizes(int[] sizes, int unit) {}
    public int getAutoSizeTextType() { return AUTO_SIZE_TEXT_TYPE_NONE; }
    public void setCustomSelectionActionModeCallback(android.view.ActionMode.Callback callback) {}
    public void setCustomInsertionActionModeCallback(android.view.ActionMode.Callback callback) {}
    public void setTextLocale(java.util.Locale locale) { mTextLocale = locale; }
    public java.util.Locale getTextLocale() { return mTextLocale == null ? java.util.Locale.getDefault() : mTextLocale; }
    public final void setTextKeepState(CharSequence text) { setText(text); }
    public void setTextClassifier(Object classifier) {}
    public void setFallbackLineSpacing(boolean on) {}
    public void setHyphenationFrequency(int frequency) {}
    public void setFirstBaselineToTopHeight(int height) {}
    public void setLastBaselineToBottomHeight(int height) {}
    public boolean isTextSelectable() { return false; }
    public boolean isSuggestionsEnabled() { return true; }
    public boolean isElegantTextHeight() { return false; }
    public final android.text.Layout getLayout() { return new android.text.StaticLayout(getText(), getPaint(), getWidth(), android.text.Layout.Alignment.ALIGN_NORMAL, 1, 0, true); }
    public final int getCurrentHintTextColor() { return 0x80000000; }
    public int getOffsetForPosition(float x, float y) { return 0; }
    public int getLineBounds(int line, android.graphics.Rect bounds) { return 0; }
    public void beginBatchEdit() {}
    public void endBatchEdit() {}
    public void clearComposingText() {}
    public boolean bringPointIntoView(int offset) { return false; }
    public int getTotalPaddingTop() { return getPaddingTop(); }
    public int getTotalPaddingBottom() { return getPaddingBottom(); }
    public int getTotalPaddingLeft() { return getPaddingLeft(); }
    public int getTotalPaddingRight() { return getPaddingRight(); }
    public int getCompoundPaddingTop() { return getPaddingTop(); }
    public int getCompoundPaddingBottom() { return getPaddingBottom(); }
    public int getCompoundPaddingLeft() { return getPaddingLeft(); }
    public int getCompoundPaddingRight() { return getPaddingRight(); }
}
