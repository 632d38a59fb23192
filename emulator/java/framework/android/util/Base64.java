package android.util;

public class Base64 {
    public static final int DEFAULT = 0;
    public static final int NO_PADDING = 1;
    public static final int NO_WRAP = 2;
    public static final int CRLF = 4;
    public static final int URL_SAFE = 8;

    private Base64() {}

    public static byte[] encode(byte[] input, int flags) {
        return encode(input, 0, input.length, flags);
    }

    /** By hand, as Android does it: the JDK's encoder is another hooked method. */
    public static byte[] encode(byte[] input, int offset, int len, int flags) {
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + ((flags & URL_SAFE) != 0 ? "-_" : "+/");
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (int i = 0; i < len; i += 3) {
            int count = Math.min(3, len - i), bits = 0;
            for (int k = 0; k < 3; k++) bits = bits << 8 | (k < count ? input[offset + i + k] & 0xff : 0);
            for (int k = 0; k < 4; k++) {
                if (k <= count) out.append(digits.charAt(bits >> 18 - 6 * k & 63));
                else if ((flags & NO_PADDING) == 0) out.append('=');
            }
            if ((flags & NO_WRAP) == 0 && ((column += 4) == 76 || i + 3 >= len)) {
                out.append((flags & CRLF) != 0 ? "\r\n" : "\n");
                column = 0;
            }
        }
        return out.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    public static String encodeToString(byte[] input, int flags) {
        return new String(encode(input, flags), java.nio.charset.StandardCharsets.US_ASCII);
    }

    public static String encodeToString(byte[] input, int offset, int len, int flags) {
        return new String(encode(input, offset, len, flags), java.nio.charset.StandardCharsets.US_ASCII);
    }

    public static byte[] decode(byte[] input, int flags) {
        String text = new String(input, java.nio.charset.StandardCharsets.US_ASCII).replaceAll("\\s", "");
        return ((flags & URL_SAFE) != 0 ? java.util.Base64.getUrlDecoder() : java.util.Base64.getDecoder()).decode(text);
    }

    public static byte[] decode(String str, int flags) {
        return decode(str.getBytes(java.nio.charset.StandardCharsets.US_ASCII), flags);
    }
}
