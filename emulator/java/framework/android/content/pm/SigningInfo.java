package android.content.pm;

import android.os.Parcel;
import android.os.Parcelable;

public final class SigningInfo implements Parcelable {
    private final Signature[] signers;

    public SigningInfo(Signature... signers) {
        this.signers = signers;
    }

    public Signature[] getApkContentsSigners() {
        return signers.clone();
    }

    public Signature[] getSigningCertificateHistory() {
        return signers.clone();
    }

    public boolean hasMultipleSigners() {
        return signers.length > 1;
    }

    @Override
    public int describeContents() {
        return 0;
    }

    @Override
    public void writeToParcel(Parcel dest, int parcelableFlags) {
        dest.writeInt(signers.length);
    }
}
