package android.util;

import org.xmlpull.v1.XmlPullParser;

public class Xml {
    public static final String FEATURE_RELAXED = "http://xmlpull.org/v1/doc/features.html#relaxed";

    private Xml() {}

    public static XmlPullParser newPullParser() { return new standin.PullParser(); }
    /** Attributes of the element at which the parser stands. */
    public static AttributeSet asAttributeSet(XmlPullParser parser) {
        return new AttributeSet() {
            @Override public int getAttributeCount() { return parser.getAttributeCount(); }
            @Override public String getAttributeName(int index) { return parser.getAttributeName(index); }
            @Override public String getAttributeValue(int index) { return parser.getAttributeValue(index); }
            @Override public String getAttributeValue(String namespace, String name) { return parser.getAttributeValue(namespace, name); }
        };
    }

    public enum Encoding { US_ASCII, UTF_8, UTF_16, ISO_8859_1 }
}
