package com.example.netlab;

import okhttp3.CertificatePinner;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;

/** A client that accepts one key only, and not the one of whoever listens in. */
final class Pinned {
    private static final String HOST = "ok.pinned.netlab.example";

    private Pinned() {}

    static void ok(String id) throws Exception {
        CertificatePinner pins = new CertificatePinner.Builder()
            .add(HOST, "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").build();
        OkHttpClient client = new OkHttpClient.Builder().certificatePinner(pins).build();
        client.newCall(new Request.Builder().url("https://" + HOST + "/netlab/app/pinned")
            .post(RequestBody.create(id, MediaType.get("text/plain"))).build()).execute().close();
    }
}
