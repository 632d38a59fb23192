package com.squareup.okhttp;

import java.io.IOException;

public interface Callback {
    void onFailure(Request request, IOException e);

    void onResponse(Response response) throws IOException;
}
