package org.apache.http;

public final class HttpHost {
    protected final String hostname;
    protected final int port;
    protected final String schemeName;

    public HttpHost(String hostname, int port, String scheme) {
        this.hostname = hostname;
        this.port = port;
        this.schemeName = scheme;
    }

    public String toURI() {
        return schemeName + "://" + hostname + (port < 0 ? "" : ":" + port);
    }
}
