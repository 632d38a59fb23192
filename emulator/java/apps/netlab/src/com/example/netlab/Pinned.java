package com.example.netlab;

import okhttp3.CertificatePinner;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RealCall;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Clients with a pinned key, checked as OkHttp does now and as it did before. */
final class Pinned {
    private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private Pinned() {}

    static void now(String id) throws Exception {
        client("ok.pinned.netlab.example").newCall(request("ok.pinned.netlab.example", "pinned", id)).execute().close();
    }

    static void old(String id) throws Exception {
        OkHttpClient client = client("old.pinned.netlab.example");
        RealCall.newRealCall(client, request("old.pinned.netlab.example", "pinned-old", id), false).execute().close();
    }

    private static OkHttpClient client(String host) {
        CertificatePinner pins = new CertificatePinner.Builder().add(host, PIN).build();
        return new OkHttpClient.Builder().certificatePinner(pins).build();
    }

    private static Request request(String host, String way, String id) {
        return new Request.Builder().url("https://" + host + "/netlab/app/" + way)
            .post(RequestBody.create(id, MediaType.get("text/plain"))).build();
    }
}
