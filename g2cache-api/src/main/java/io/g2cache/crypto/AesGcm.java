package io.g2cache.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES in Galois/Counter Mode (NIST SP 800-38D) with nonces of 96 bits and tags of 128, by the platform's provider. */
final class AesGcm {
    static final int TAG_BYTES = 16;

    private AesGcm() {}

    /** Readies a cipher; its input may come in any number of pieces, and its output ends with the tag. */
    static Cipher cipher(int mode, SecretKey key, byte[] nonceIn, int nonceAt) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonceIn, nonceAt, Nonces.BYTES));
        return cipher;
    }
}
