package android.webkit;

import java.io.InputStream;
import java.util.Map;

public class WebResourceResponse {
    private String type;
    private String encoding;
    private InputStream data;
    private int status = 200;
    private String reason = "OK";
    private Map<String, String> headers;

    public WebResourceResponse(String mimeType, String encoding, InputStream data) {
        type = mimeType;
        this.encoding = encoding;
        this.data = data;
    }

    public WebResourceResponse(String mimeType, String encoding, int statusCode, String reasonPhrase, Map<String, String> responseHeaders, InputStream data) {
        this(mimeType, encoding, data);
        setStatusCodeAndReasonPhrase(statusCode, reasonPhrase);
        headers = responseHeaders;
    }

    public void setMimeType(String v) { type = v; }
    public String getMimeType() { return type; }
    public void setEncoding(String v) { encoding = v; }
    public String getEncoding() { return encoding; }
    public void setStatusCodeAndReasonPhrase(int statusCode, String reasonPhrase) {
        status = statusCode;
        reason = reasonPhrase;
    }
    public int getStatusCode() { return status; }
    public String getReasonPhrase() { return reason; }
    public void setResponseHeaders(Map<String, String> v) { headers = v; }
    public Map<String, String> getResponseHeaders() { return headers; }
    public void setData(InputStream v) { data = v; }
    public InputStream getData() { return data; }
}
