package android.util;

import java.io.IOException;

public final class MalformedJsonException extends IOException {
    public MalformedJsonException(String message) { super(message); }
}
