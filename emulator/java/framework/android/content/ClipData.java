package android.content;

import android.net.Uri;
import android.os.Parcel;
import android.os.Parcelable;
import java.util.ArrayList;
import java.util.List;

public class ClipData implements Parcelable {
    public static final Parcelable.Creator<ClipData> CREATOR = new Parcelable.Creator<ClipData>() {
        @Override
        public ClipData createFromParcel(Parcel in) {
            return newPlainText(in.readString(), in.readString());
        }

        @Override
        public ClipData[] newArray(int size) {
            return new ClipData[size];
        }
    };
    private final ClipDescription description;
    private final List<Item> items = new ArrayList<>();

    public ClipData(ClipDescription description, Item item) {
        this.description = description;
        items.add(item);
    }

    public ClipData(CharSequence label, String[] mimeTypes, Item item) {
        this(new ClipDescription(label, mimeTypes), item);
    }

    public static ClipData newPlainText(CharSequence label, CharSequence text) {
        return new ClipData(label, new String[] {ClipDescription.MIMETYPE_TEXT_PLAIN}, new Item(text));
    }

    public static ClipData newHtmlText(CharSequence label, CharSequence text, String html) {
        return new ClipData(label, new String[] {ClipDescription.MIMETYPE_TEXT_HTML}, new Item(text, html, null, null));
    }

    public static ClipData newIntent(CharSequence label, Intent intent) {
        return new ClipData(label, new String[] {ClipDescription.MIMETYPE_TEXT_INTENT}, new Item(intent));
    }

    public static ClipData newUri(ContentResolver resolver, CharSequence label, Uri uri) {
        String type = "content".equals(uri.getScheme()) ? resolver.getType(uri) : null;
        String[] list = {ClipDescription.MIMETYPE_TEXT_URILIST};
        return new ClipData(label, type == null ? list : new String[] {type, list[0]}, new Item(uri));
    }

    public static ClipData newRawUri(CharSequence label, Uri uri) {
        return new ClipData(label, new String[] {ClipDescription.MIMETYPE_TEXT_URILIST}, new Item(uri));
    }

    public ClipData(ClipData other) {
        description = other.description;
        items.addAll(other.items);
    }

    public void addItem(ContentResolver resolver, Item item) {
        addItem(item);
    }

    public ClipDescription getDescription() {
        return description;
    }

    public void addItem(Item item) {
        items.add(item);
    }

    public int getItemCount() {
        return items.size();
    }

    public Item getItemAt(int index) {
        return items.get(index);
    }

    public static class Item {
        private final CharSequence text;
        private final Intent intent;
        private final Uri uri;
        private String html;

        public Item(CharSequence text, String html) {
            this(text, html, null, null);
        }

        public Item(Intent intent) {
            this(null, intent, null);
        }

        public Item(Uri uri) {
            this(null, null, uri);
        }

        public Item(CharSequence text, String html, Intent intent, Uri uri) {
            this(text, intent, uri);
            this.html = html;
        }

        public String getHtmlText() {
            return html;
        }

        public CharSequence coerceToStyledText(Context context) {
            return coerceToText(context);
        }

        public String coerceToHtmlText(Context context) {
            return html != null ? html : android.text.TextUtils.htmlEncode(String.valueOf(coerceToText(context)));
        }

        public Item(CharSequence text) {
            this(text, null, null);
        }

        public Item(CharSequence text, Intent intent, Uri uri) {
            this.text = text;
            this.intent = intent;
            this.uri = uri;
        }

        public CharSequence getText() {
            return text;
        }

        public Intent getIntent() {
            return intent;
        }

        public Uri getUri() {
            return uri;
        }

        public CharSequence coerceToText(Context context) {
            return text != null ? text : uri != null ? uri.toString() : intent != null ? intent.toUri(Intent.URI_INTENT_SCHEME) : "";
        }
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int flags) {
        dest.writeString(String.valueOf(description.getLabel()));
        dest.writeString(items.isEmpty() || items.get(0).getText() == null ? null : items.get(0).getText().toString());
    }
}
