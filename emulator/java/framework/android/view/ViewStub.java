package android.view;

import android.content.Context;

public final class ViewStub extends View {
    public ViewStub(Context context) { super(context); setVisibility(GONE); }
    public ViewStub(Context context, int layoutResource) {
        this(context);
        setLayoutResource(layoutResource);
    }
    public View inflate() {
        ViewGroup parent = (ViewGroup) getParent();
        if (parent == null) throw new IllegalStateException("ViewStub must have a non-null ViewGroup viewParent");
        View made = LayoutInflater.from(getContext()).inflate(getLayoutResource(), parent, false);
        if (getInflatedId() != NO_ID) made.setId(getInflatedId());
        int at = parent.indexOfChild(this);
        parent.removeView(this);
        parent.addView(made, at);
        return made;
    }
}
