package com.android.volley;

import java.io.IOException;

public interface Network {
    NetworkResponse performRequest(Request<?> request) throws IOException;
}
