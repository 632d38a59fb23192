package com.bun.miitmdid.core;

public final class ErrorCode {
    public static final int INIT_INFO_RESULT_OK = 1008610;
    public static final int INIT_ERROR_DEVICE_NOSUPPORT = 1008612;

    private ErrorCode() {}
}
