package android.media;

import android.util.AndroidException;

public final class UnsupportedSchemeException extends AndroidException {
    public UnsupportedSchemeException(String detail) {
        super(detail);
    }
}
