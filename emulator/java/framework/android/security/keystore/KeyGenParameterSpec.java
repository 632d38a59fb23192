package android.security.keystore;

import java.security.spec.AlgorithmParameterSpec;
import java.util.Date;

/** What a key of the device's store is made for. Of the limits only the size and the random start of a cipher are kept to. */
public final class KeyGenParameterSpec implements AlgorithmParameterSpec {
    private final Builder mB;

    private KeyGenParameterSpec(Builder b) { mB = b; }
    public String getKeystoreAlias() { return mB.mAlias; }
    public int getPurposes() { return mB.mPurposes; }
    public int getKeySize() { return mB.mKeySize; }
    public String[] getBlockModes() { return mB.mBlockModes.clone(); }
    public String[] getEncryptionPaddings() { return mB.mPaddings.clone(); }
    public String[] getDigests() { return mB.mDigests.clone(); }
    public boolean isRandomizedEncryptionRequired() { return mB.mRandomized; }
    public boolean isUserAuthenticationRequired() { return mB.mUser; }

    public static final class Builder {
        private final String mAlias;
        private final int mPurposes;
        private int mKeySize = -1;
        private String[] mBlockModes = {};
        private String[] mPaddings = {};
        private String[] mDigests = {};
        private boolean mRandomized = true;
        private boolean mUser;

        public Builder(String keystoreAlias, int purposes) {
            if (keystoreAlias == null) throw new NullPointerException("keystoreAlias == null");
            if (keystoreAlias.isEmpty()) throw new IllegalArgumentException("keystoreAlias must not be empty");
            mAlias = keystoreAlias;
            mPurposes = purposes;
        }
        public Builder setKeySize(int keySize) { mKeySize = keySize; return this; }
        public Builder setBlockModes(String... modes) { mBlockModes = modes; return this; }
        public Builder setEncryptionPaddings(String... paddings) { mPaddings = paddings; return this; }
        public Builder setSignaturePaddings(String... paddings) { return this; }
        public Builder setDigests(String... digests) { mDigests = digests; return this; }
        public Builder setRandomizedEncryptionRequired(boolean required) { mRandomized = required; return this; }
        public Builder setUserAuthenticationRequired(boolean required) { mUser = required; return this; }
        public Builder setUserAuthenticationValidityDurationSeconds(int seconds) { return this; }
        public Builder setInvalidatedByBiometricEnrollment(boolean invalidate) { return this; }
        public Builder setIsStrongBoxBacked(boolean isStrongBoxBacked) { return this; }
        public Builder setUnlockedDeviceRequired(boolean required) { return this; }
        public Builder setKeyValidityStart(Date start) { return this; }
        public Builder setKeyValidityEnd(Date end) { return this; }
        public Builder setAttestationChallenge(byte[] challenge) { return this; }
        public Builder setDevicePropertiesAttestationIncluded(boolean included) { return this; }
        public KeyGenParameterSpec build() { return new KeyGenParameterSpec(this); }
    }
}
