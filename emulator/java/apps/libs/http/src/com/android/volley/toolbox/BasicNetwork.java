package com.android.volley.toolbox;

import com.android.volley.Network;
import com.android.volley.NetworkResponse;
import com.android.volley.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Sends with the platform's own client. */
public class BasicNetwork implements Network {
    @Override
    public NetworkResponse performRequest(Request<?> request) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(request.getUrl()).openConnection();
        byte[] body = request.getBody();
        if (body.length > 0) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        connection.getInputStream().readAllBytes();
        return new NetworkResponse(connection.getResponseCode());
    }
}
