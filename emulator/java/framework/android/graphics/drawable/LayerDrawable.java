package android.graphics.drawable;

import java.util.ArrayList;
import java.util.List;

public class LayerDrawable extends Drawable.Kept {
    private final List<Drawable> mLayers = new ArrayList<>();
    private final List<Integer> mIds = new ArrayList<>();

    public LayerDrawable(Drawable[] layers) { for (Drawable one : layers) addLayer(one); }
    public int addLayer(Drawable dr) {
        mLayers.add(dr);
        mIds.add(-1);
        return mLayers.size() - 1;
    }
    public int getNumberOfLayers() { return mLayers.size(); }
    public Drawable getDrawable(int index) { return mLayers.get(index); }
    public void setDrawable(int index, Drawable drawable) { mLayers.set(index, drawable); }
    public void setId(int index, int id) { mIds.set(index, id); }
    public int getId(int index) { return mIds.get(index); }
    public Drawable findDrawableByLayerId(int id) { return mIds.contains(id) ? mLayers.get(mIds.indexOf(id)) : null; }
    public void setLayerInset(int index, int l, int t, int r, int b) {}
}
