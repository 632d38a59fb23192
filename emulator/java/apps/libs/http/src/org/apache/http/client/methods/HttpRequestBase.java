package org.apache.http.client.methods;

import java.net.URI;

public abstract class HttpRequestBase implements HttpUriRequest {
    private URI uri;

    public void setURI(URI uri) {
        this.uri = uri;
    }

    @Override
    public URI getURI() {
        return uri;
    }
}
