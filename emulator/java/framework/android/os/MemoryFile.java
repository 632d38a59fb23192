package android.os;

public class MemoryFile {
    private final byte[] data;

    public MemoryFile(String name, int length) throws java.io.IOException { data = new byte[length]; }

    public void close() {}
    public int length() { return data.length; }
    public boolean allowPurging(boolean allow) { return false; }
    public java.io.InputStream getInputStream() { return new java.io.ByteArrayInputStream(data); }
    public int readBytes(byte[] buffer, int from, int to, int count) throws java.io.IOException {
        System.arraycopy(data, from, buffer, to, count);
        return count;
    }
    public void writeBytes(byte[] buffer, int from, int to, int count) throws java.io.IOException { System.arraycopy(buffer, from, data, to, count); }
}
