package android.widget;

import android.content.Context;
import android.content.res.ColorStateList;
import android.text.Editable;
import android.text.InputType;
import android.text.SpannableString;
import android.text.SpannableStringBuilder;
import android.text.Spanned;
import android.text.TextWatcher;
import android.text.method.MovementMethod;
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
    private int mAutoLinkMask;
    private final List<TextWatcher> mListeners = new ArrayList<>();
    private final Map<ClickableSpan, Integer> mLinkNodes = new LinkedHashMap<>();

    public TextView(Context context) { super(context); }
    public TextView(Context context, AttributeSet attrs) { super(context, attrs); }

    public CharSequence getText() { return mText; }
    public final void setText(CharSequence text) { setText(text, BufferType.NORMAL); }
    public final void setText(int resid) { setText(getContext().getResources().getText(resid)); }
    public final void setText(int resid, BufferType type) { setText(getContext().getResources().getText(resid), type); }
    public final void setText(char[] text, int start, int len) { setText(new String(text, start, len)); }
    public void setText(CharSequence text, BufferType type) { setText(text == null ? "" : text, type, true, 0); }
    private void setText(CharSequence text, BufferType type, boolean notifyBefore, int oldlen) {
        CharSequence old = mText;
        for (TextWatcher w : new ArrayList<>(mListeners)) w.beforeTextChanged(old, 0, old.length(), text.length());
        if (mAutoLinkMask != 0) {
            SpannableString linked = new SpannableString(text);
            Linkify.addLinks(linked, mAutoLinkMask);
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
    public void setOnEditorActionListener(OnEditorActionListener l) {}
    public final void setHint(CharSequence hint) { mHint = hint; invalidate(); }
    public CharSequence getHint() { return mHint; }
    public void setInputType(int type) { mInputType = type; invalidate(); }
    public int getInputType() { return mInputType; }
    public final void setAutoLinkMask(int mask) { mAutoLinkMask = mask; }
    public final void setMovementMethod(MovementMethod movement) { setFocusable(movement != null); }
    public void setTextSize(float size) {}
    public void setTextSize(int unit, float size) {}
    public void setTextColor(int color) {}
    public void setTextColor(ColorStateList colors) {}
    public void setGravity(int gravity) {}
    public void setLines(int lines) {}
    public void setMaxLines(int lines) {}
    public void setSingleLine() {}
    public void setSingleLine(boolean single) {}
    public void setAllCaps(boolean caps) {}
    public void setLineSpacing(float add, float mult) {}
    public void setHighlightColor(int color) {}
    public void setLinkTextColor(int color) {}
    public void setTypeface(android.graphics.Typeface face) {}
    public void setTypeface(android.graphics.Typeface face, int style) {}
    public void setImeOptions(int options) {}

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
        int variation = mInputType & (InputType.TYPE_MASK_CLASS | InputType.TYPE_MASK_VARIATION);
        n.put("password", variation == (InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD)
                || variation == (InputType.TYPE_CLASS_NUMBER | InputType.TYPE_NUMBER_VARIATION_PASSWORD));
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
}
