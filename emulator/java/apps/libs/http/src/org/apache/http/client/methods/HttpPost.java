package org.apache.http.client.methods;

import java.net.URI;
import java.nio.charset.StandardCharsets;

public class HttpPost extends HttpRequestBase {
    private byte[] entity = {};

    public HttpPost(String uri) {
        setURI(URI.create(uri));
    }

    @Override
    public String getMethod() {
        return "POST";
    }

    /** In the library an HttpEntity. */
    public void setEntity(String text) {
        entity = text.getBytes(StandardCharsets.UTF_8);
    }

    public byte[] getEntity() {
        return entity;
    }
}
