package org.xmlpull.v1;

public class XmlPullParserFactory {
    private boolean aware;

    public static XmlPullParserFactory newInstance() throws XmlPullParserException { return new XmlPullParserFactory(); }
    public static XmlPullParserFactory newInstance(String classNames, Class<?> context) throws XmlPullParserException { return newInstance(); }
    public void setNamespaceAware(boolean v) { aware = v; }
    public boolean isNamespaceAware() { return aware; }
    public void setValidating(boolean v) {}
    public void setFeature(String name, boolean state) throws XmlPullParserException {}
    public XmlPullParser newPullParser() throws XmlPullParserException { return android.util.Xml.newPullParser(); }
}
