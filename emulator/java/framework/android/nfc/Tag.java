package android.nfc;

public final class Tag {
    private final byte[] id;

    /** Hidden constructor. */
    public Tag(byte[] id) {
        this.id = id.clone();
    }

    public byte[] getId() {
        return id.clone();
    }
}
