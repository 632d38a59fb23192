package okhttp3;

import java.nio.charset.StandardCharsets;

public class RequestBody {
    final byte[] bytes;
    final String type;

    private RequestBody(byte[] bytes, String type) {
        this.bytes = bytes;
        this.type = type;
    }

    public static RequestBody create(String content, MediaType contentType) {
        return new RequestBody(content.getBytes(StandardCharsets.UTF_8), contentType.toString());
    }
}
