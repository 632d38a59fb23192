package android.net;

public class ProxyInfo {
    private final String host;
    private final int port;

    private ProxyInfo(String host, int port) {
        this.host = host;
        this.port = port;
    }

    public static ProxyInfo buildDirectProxy(String host, int port) { return new ProxyInfo(host, port); }
    public String getHost() { return host; }
    public int getPort() { return port; }
    public String[] getExclusionList() { return new String[0]; }
    public Uri getPacFileUrl() { return Uri.EMPTY; }
}
