package com.android.volley;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

public abstract class Request<T> {
    private final int mMethod;
    private final String mUrl;

    public Request(int method, String url) {
        mMethod = method;
        mUrl = url;
    }

    public int getMethod() {
        return mMethod;
    }

    public String getUrl() {
        return mUrl;
    }

    public byte[] getBody() {
        Map<String, String> params = getParams();
        return params == null ? new byte[0] : encodeParameters(params, "UTF-8");
    }

    protected Map<String, String> getParams() {
        return null;
    }

    protected abstract void deliverResponse(int status);

    private byte[] encodeParameters(Map<String, String> params, String paramsEncoding) {
        StringBuilder text = new StringBuilder();
        params.forEach((name, value) -> text.append(URLEncoder.encode(name, StandardCharsets.UTF_8)).append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)).append('&'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
