package android.content.pm;

import android.os.Parcel;
import android.os.Parcelable;

public class Signature implements Parcelable {
    private final byte[] bytes;

    public Signature(byte[] signature) {
        bytes = signature.clone();
    }

    public byte[] toByteArray() {
        return bytes.clone();
    }

    public String toCharsString() {
        StringBuilder out = new StringBuilder();
        for (byte one : bytes) out.append(String.format("%02x", one));
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature && java.util.Arrays.equals(bytes, ((Signature) other).bytes);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(bytes);
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int parcelableFlags) {
        dest.writeByteArray(bytes);
    }
}
