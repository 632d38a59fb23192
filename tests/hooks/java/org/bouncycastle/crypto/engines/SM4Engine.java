package org.bouncycastle.crypto.engines;

import java.nio.ByteBuffer;

/** SM4 (GB/T 32907), with the shape of the library's class. */
public class SM4Engine {
    private static final String BOX =
        "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa441326498606999c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6" +
        "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d351e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e" +
        "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e31df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51" +
        "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b08969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948";
    private final int[] keys = new int[32];

    public SM4Engine(byte[] key) {
        int[] k = new int[36];
        int[] fk = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};
        for (int i = 0; i < 4; i++) k[i] = ByteBuffer.wrap(key).getInt(4 * i) ^ fk[i];
        for (int i = 0; i < 32; i++) {
            int ck = 0;
            for (int j = 0; j < 4; j++) ck = ck << 8 | ((4 * i + j) * 7 & 255);
            int b = substituted(k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ ck);
            keys[i] = k[i + 4] = k[i] ^ b ^ Integer.rotateLeft(b, 13) ^ Integer.rotateLeft(b, 23);
        }
    }

    private static int substituted(int word) {
        int out = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            int at = (word >>> shift) & 255;
            out = out << 8 | Integer.parseInt(BOX.substring(2 * at, 2 * at + 2), 16);
        }
        return out;
    }

    public int processBlock(byte[] in, int inOff, byte[] out, int outOff) {
        int[] x = new int[36];
        for (int i = 0; i < 4; i++) x[i] = ByteBuffer.wrap(in).getInt(inOff + 4 * i);
        for (int i = 0; i < 32; i++) {
            int b = substituted(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ keys[i]);
            x[i + 4] = x[i] ^ b ^ Integer.rotateLeft(b, 2) ^ Integer.rotateLeft(b, 10) ^ Integer.rotateLeft(b, 18) ^ Integer.rotateLeft(b, 24);
        }
        for (int i = 0; i < 4; i++) ByteBuffer.wrap(out).putInt(outOff + 4 * i, x[35 - i]);
        return 16;
    }
}
