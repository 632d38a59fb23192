package com.adnova.sdk;

/** The advertising ids; empty = not known. */
final class AdIds {
    volatile String oaid = "";
    volatile String gaid = "";
}
