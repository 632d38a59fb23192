package org.bouncycastle.crypto.digests;

import java.nio.ByteBuffer;

/** SM3 (GB/T 32905), with the shape of the library's class. */
public class SM3Digest extends GeneralDigest {
    private static final int[] START = {0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

    private static int p0(int x) { return x ^ Integer.rotateLeft(x, 9) ^ Integer.rotateLeft(x, 17); }

    private static int p1(int x) { return x ^ Integer.rotateLeft(x, 15) ^ Integer.rotateLeft(x, 23); }

    public int doFinal(byte[] out, int outOff) {
        byte[] data = fed.toByteArray();
        ByteBuffer all = ByteBuffer.allocate((data.length + 8) / 64 * 64 + 64);
        all.put(data).put((byte) 0x80).putLong(all.capacity() - 8, data.length * 8L);
        int[] v = START.clone();
        for (int block = 0; block < all.capacity(); block += 64) {
            int[] w = new int[68], s = v.clone();
            for (int j = 0; j < 16; j++) w[j] = all.getInt(block + 4 * j);
            for (int j = 16; j < 68; j++) w[j] = p1(w[j - 16] ^ w[j - 9] ^ Integer.rotateLeft(w[j - 3], 15)) ^ Integer.rotateLeft(w[j - 13], 7) ^ w[j - 6];
            for (int j = 0; j < 64; j++) {
                int a12 = Integer.rotateLeft(s[0], 12);
                int ss1 = Integer.rotateLeft(a12 + s[4] + Integer.rotateLeft(j < 16 ? 0x79cc4519 : 0x7a879d8a, j), 7), ss2 = ss1 ^ a12;
                int ff = j < 16 ? s[0] ^ s[1] ^ s[2] : (s[0] & s[1]) | (s[0] & s[2]) | (s[1] & s[2]);
                int gg = j < 16 ? s[4] ^ s[5] ^ s[6] : (s[4] & s[5]) | (~s[4] & s[6]);
                int tt1 = ff + s[3] + ss2 + (w[j] ^ w[j + 4]), tt2 = gg + s[7] + ss1 + w[j];
                s = new int[] {tt1, s[0], Integer.rotateLeft(s[1], 9), s[2], p0(tt2), s[4], Integer.rotateLeft(s[5], 19), s[6]};
            }
            for (int i = 0; i < 8; i++) v[i] ^= s[i];
        }
        for (int i = 0; i < 8; i++) ByteBuffer.wrap(out).putInt(outOff + 4 * i, v[i]);
        reset();
        return 32;
    }
}
