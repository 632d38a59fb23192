package android.content.res;

public interface XmlResourceParser extends org.xmlpull.v1.XmlPullParser, android.util.AttributeSet, AutoCloseable {
    void close();

    String getAttributeNamespace(int index);

    int getAttributeCount();

    String getAttributeName(int index);

    String getAttributeValue(int index);

    String getAttributeValue(String namespace, String name);

    String getPositionDescription();
}
