package org.bouncycastle.crypto.digests;

import java.io.ByteArrayOutputStream;

/** With the shape of the library's class: what goes in. */
public abstract class GeneralDigest {
    protected final ByteArrayOutputStream fed = new ByteArrayOutputStream();

    public void update(byte in) { fed.write(in); }

    public void update(byte[] in, int inOff, int len) { fed.write(in, inOff, len); }

    public void reset() { fed.reset(); }
}
