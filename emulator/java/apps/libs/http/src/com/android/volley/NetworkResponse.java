package com.android.volley;

public class NetworkResponse {
    public final int statusCode;

    public NetworkResponse(int statusCode) {
        this.statusCode = statusCode;
    }
}
