package android.util;

public interface AttributeSet {
    int getAttributeCount();

    String getAttributeName(int index);

    String getAttributeValue(int index);
    default String getAttributeValue(String namespace, String name) { return null; }
    default String getAttributeNamespace(int index) { return ""; }
    default int getAttributeNameResource(int index) { return 0; }
    default int getAttributeResourceValue(String namespace, String name, int otherwise) { return otherwise; }
    default int getAttributeResourceValue(int index, int otherwise) { return otherwise; }
    default int getAttributeIntValue(String namespace, String name, int otherwise) {
        String found = getAttributeValue(namespace, name);
        return found == null ? otherwise : Integer.decode(found);
    }
    default boolean getAttributeBooleanValue(String namespace, String name, boolean otherwise) {
        String found = getAttributeValue(namespace, name);
        return found == null ? otherwise : Boolean.parseBoolean(found);
    }
    default float getAttributeFloatValue(String namespace, String name, float otherwise) {
        String found = getAttributeValue(namespace, name);
        return found == null ? otherwise : Float.parseFloat(found);
    }
    default String getPositionDescription() { return ""; }
    default String getIdAttribute() { return null; }
    default String getClassAttribute() { return null; }
    default int getIdAttributeResourceValue(int otherwise) { return otherwise; }
    default int getStyleAttribute() { return 0; }
}
