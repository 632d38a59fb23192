package android.graphics;

import android.content.res.Resources;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an image's size from its head. */
public class BitmapFactory {
    private static final Pattern OWN = Pattern.compile("standin-bitmap (\\d+)x(\\d+)");

    public static class Options {
        public boolean inJustDecodeBounds;
        public int inSampleSize;
        public Bitmap.Config inPreferredConfig = Bitmap.Config.ARGB_8888;
        public boolean inMutable;
        public boolean inPurgeable;
        public boolean inInputShareable;
        public boolean inScaled = true;
        public int inDensity;
        public int inTargetDensity;
        public byte[] inTempStorage;
        public Bitmap inBitmap;
        public int outWidth;
        public int outHeight;
        public String outMimeType;
    }

    public static Bitmap decodeByteArray(byte[] data, int offset, int length) { return decodeByteArray(data, offset, length, null); }
    public static Bitmap decodeByteArray(byte[] data, int offset, int length, Options o) {
        Options to = o == null ? new Options() : o;
        int[] size = size(java.util.Arrays.copyOfRange(data, offset, offset + length), to);
        to.outWidth = size == null ? -1 : size[0];
        to.outHeight = size == null ? -1 : size[1];
        int part = Math.max(1, to.inSampleSize);
        return size == null || to.inJustDecodeBounds ? null : Bitmap.createBitmap(Math.max(1, size[0] / part), Math.max(1, size[1] / part), to.inPreferredConfig);
    }
    public static Bitmap decodeStream(InputStream is) { return decodeStream(is, null, null); }
    public static Bitmap decodeStream(InputStream is, Rect outPadding, Options opts) {
        if (is == null) return null;
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int n = is.read(part); n >= 0; n = is.read(part)) all.write(part, 0, n);
            return decodeByteArray(all.toByteArray(), 0, all.size(), opts);
        } catch (IOException e) {
            return null;
        }
    }
    public static Bitmap decodeFile(String path) { return decodeFile(path, null); }
    public static Bitmap decodeFile(String path, Options opts) {
        try (InputStream in = new FileInputStream(path)) {
            return decodeStream(in, null, opts);
        } catch (IOException e) {
            return null;
        }
    }
    public static Bitmap decodeFileDescriptor(java.io.FileDescriptor fd) { return decodeStream(new FileInputStream(fd)); }
    public static Bitmap decodeResource(Resources res, int id) { return decodeResource(res, id, null); }
    public static Bitmap decodeResource(Resources res, int id, Options opts) {
        try (InputStream in = res.openRawResource(id)) {
            return decodeStream(in, null, opts);
        } catch (IOException | Resources.NotFoundException e) {
            return null;
        }
    }

    private static int u(byte[] b, int at, int count, boolean big) {
        int value = 0;
        for (int i = 0; i < count; i++) value |= (b[big ? at + i : at + count - 1 - i] & 255) << 8 * (count - 1 - i);
        return value;
    }
    private static int[] size(byte[] b, Options to) {
        String head = new String(b, 0, Math.min(b.length, 64), StandardCharsets.ISO_8859_1);
        Matcher own = OWN.matcher(head);
        if (own.lookingAt()) return found(to, "png", Integer.parseInt(own.group(1)), Integer.parseInt(own.group(2)));
        if (b.length >= 24 && head.startsWith("\u0089PNG")) return found(to, "png", u(b, 16, 4, true), u(b, 20, 4, true));
        if (b.length >= 10 && head.startsWith("GIF8")) return found(to, "gif", u(b, 6, 2, false), u(b, 8, 2, false));
        if (b.length >= 30 && head.startsWith("RIFF") && head.startsWith("WEBPVP8", 8)) {
            switch (b[15]) {
                case 'X': return found(to, "webp", u(b, 24, 3, false) + 1, u(b, 27, 3, false) + 1);
                case 'L': return found(to, "webp", (u(b, 21, 4, false) & 0x3fff) + 1, (u(b, 21, 4, false) >> 14 & 0x3fff) + 1);
                default: return found(to, "webp", u(b, 26, 2, false) & 0x3fff, u(b, 28, 2, false) & 0x3fff);
            }
        }
        for (int at = 2; head.startsWith("\u00ff\u00d8") && at + 9 < b.length; at += 2 + u(b, at + 2, 2, true)) {
            int marker = b[at + 1] & 255;
            if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                return found(to, "jpeg", u(b, at + 7, 2, true), u(b, at + 5, 2, true));
            }
        }
        return null;
    }
    private static int[] found(Options to, String kind, int width, int height) {
        to.outMimeType = "image/" + kind;
        return width > 0 && height > 0 ? new int[] {width, height} : null;
    }
}
