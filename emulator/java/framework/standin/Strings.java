package standin;

import java.io.File;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Small XML files: preferences and string resources. A file that cannot be read is empty. */
public final class Strings {
    private Strings() {}

    private static Element root(File file) {
        if (!file.isFile()) return null;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(file).getDocumentElement();
        } catch (Exception e) {
            return null;
        }
    }

    public static Map<String, String> read(File file) {
        Map<String, String> out = new HashMap<>();
        Element root = root(file);
        NodeList rows = root == null ? null : root.getElementsByTagName("string");
        for (int i = 0; rows != null && i < rows.getLength(); i++) {
            Element e = (Element) rows.item(i);
            out.put(e.getAttribute("name"), e.getTextContent().replace("\\n", "\n").replace("\\'", "'"));
        }
        return out;
    }

    public static void readPrefs(File file, Map<String, Object> into) {
        Element root = root(file);
        NodeList rows = root == null ? null : root.getChildNodes();
        for (int i = 0; rows != null && i < rows.getLength(); i++) {
            if (!(rows.item(i) instanceof Element)) continue;
            Element e = (Element) rows.item(i);
            String name = e.getAttribute("name");
            String value = e.getAttribute("value");
            try {
                switch (e.getTagName()) {
                    case "string": into.put(name, e.getTextContent()); break;
                    case "int": into.put(name, Integer.valueOf(value)); break;
                    case "long": into.put(name, Long.valueOf(value)); break;
                    case "float": into.put(name, Float.valueOf(value)); break;
                    case "boolean": into.put(name, Boolean.valueOf(value)); break;
                    case "set":
                        Set<String> set = new HashSet<>();
                        NodeList items = e.getElementsByTagName("string");
                        for (int j = 0; j < items.getLength(); j++) set.add(items.item(j).getTextContent());
                        into.put(name, set);
                        break;
                    default: break;
                }
            } catch (NumberFormatException bad) {
                continue;
            }
        }
    }

    public static String escape(String s) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '&') out.append("&amp;");
            else if (c == '<') out.append("&lt;");
            else if (c == '>') out.append("&gt;");
            else if (c == '"') out.append("&quot;");
            else if (c == '\n' || c == '\r' || c == '\t') out.append("&#").append((int) c).append(';');
            else if (c >= ' ') out.append(c);
        }
        return out.toString();
    }

    public static String hex(byte[] data) {
        StringBuilder out = new StringBuilder();
        for (byte one : data) out.append(String.format("%02x", one));
        return out.toString();
    }

    public static byte[] unhex(String text) {
        byte[] out = new byte[text.length() / 2];
        for (int i = 0; i < out.length; i++) out[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        return out;
    }
}
