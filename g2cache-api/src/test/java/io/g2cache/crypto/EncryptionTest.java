package io.g2cache.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class EncryptionTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] VALUE = "the value of a key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTEXT = "where it belongs".getBytes(StandardCharsets.US_ASCII);

    private final KeyRing ring = new KeyRing(EncryptionKeys.of("first", key(1, 32)));
    private final Encryption encryption = Encryption.aesGcm(ring);

    private static byte[] key(int fill, int bytes) {
        byte[] key = new byte[bytes];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private void assertRefused(byte[] sealed, byte[] context, String message) {
        assertThatThrownBy(() -> encryption.open(sealed, context))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining(message);
    }

    /** Test cases 4 and 16 of the mode's specification (McGrew and Viega, appendix B). */
    @Test
    void theCipherAgreesWithThePublishedVectors() throws Exception {
        String key = "feffe9928665731c6d6a8f9467308308";
        assertEncrypts(
                key,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05"
                        + "1ba30b396a0aac973d58e091",
                "5bc94fbc3221a5db94fae95ae7121a47");
        assertEncrypts(
                key + key,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                        + "c5f61e6393ba7a0abcc9f662",
                "76fc6ece0f4e1768cddf8853bb2d551b");
    }

    private static void assertEncrypts(String key, String ciphertext, String tag) throws Exception {
        byte[] value =
                HEX.parseHex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf"
                        + "0e2449a6b525b16aedf5aa0de657ba637b39");
        byte[] nonce = HEX.parseHex("cafebabefacedbaddecaf888");
        Cipher cipher = AesGcm.cipher(Cipher.ENCRYPT_MODE, new SecretKeySpec(HEX.parseHex(key), "AES"), nonce, 0);
        cipher.updateAAD(HEX.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
        assertThat(HEX.formatHex(cipher.doFinal(value))).isEqualTo(ciphertext + tag);
    }

    @Test
    void opensWhatItHasSealedWhateverTheSizes() throws Exception {
        Random random = new Random(1);
        for (int bytes : new int[] {16, 24, 32}) {
            Encryption of = Encryption.aesGcm(new KeyRing(EncryptionKeys.of("k".repeat(bytes), key(bytes, bytes))));
            for (int size : new int[] {0, 1, 15, 16, 17, 100, 1 << 20}) {
                byte[] value = new byte[size];
                random.nextBytes(value);
                byte[] sealed = of.seal(value, CONTEXT);
                assertThat(sealed).hasSize(size + 2 + bytes + 12 + 16);
                assertThat(sealed.length - size).isLessThanOrEqualTo(Encryption.MOST_OVERHEAD_BYTES);
                assertThat(of.open(sealed, CONTEXT)).isEqualTo(value);
            }
            assertThat(of.sealed()).isEqualTo(7);
        }
    }

    @Test
    void theFormatIsAsDrawn() throws Exception {
        byte[] sealed = encryption.seal(VALUE, CONTEXT);
        assertThat(Arrays.copyOf(sealed, 7)).isEqualTo(new byte[] {1, 5, 'f', 'i', 'r', 's', 't'});
        Cipher cipher = AesGcm.cipher(Cipher.DECRYPT_MODE, new SecretKeySpec(key(1, 32), "AES"), sealed, 7);
        cipher.updateAAD(sealed, 0, 7);
        cipher.updateAAD(CONTEXT);
        assertThat(cipher.doFinal(sealed, 19, sealed.length - 19)).isEqualTo(VALUE);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("value");
        assertThat(Encryption.isSealed(sealed)).isTrue();
        assertThat(Encryption.keyId(sealed)).isEqualTo("first");
        assertThat(Encryption.keyId(VALUE)).isNull();
        assertThat(Encryption.isSealed(VALUE)).isFalse();
        assertThat(Encryption.isSealed(new byte[0])).isFalse();
        assertThat(encryption.seal(VALUE, CONTEXT)).isNotEqualTo(sealed);
    }

    @Test
    void everyChangedBitAndEveryOtherLengthIsRefused() {
        byte[] sealed = encryption.seal(VALUE, CONTEXT);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(changed, CONTEXT, "");
        }
        for (int length = 0; length < sealed.length + 20; length++) {
            if (length != sealed.length) {
                assertRefused(Arrays.copyOf(sealed, length), CONTEXT, "");
            }
        }
    }

    @Test
    void whatBelongsElsewhereIsRefused() {
        byte[] sealed = encryption.seal(VALUE, CONTEXT);
        assertRefused(sealed, new byte[0], "belongs elsewhere");
        for (int i = 0; i < CONTEXT.length; i++) {
            byte[] other = CONTEXT.clone();
            other[i]++;
            assertRefused(sealed, other, "key id=first: the value was changed, belongs elsewhere");
        }
    }

    @Test
    void anotherKeyOfTheSameIdAndAnUnknownIdAreRefused() {
        byte[] sealed = encryption.seal(VALUE, CONTEXT);
        ring.replace(EncryptionKeys.of("first", key(2, 32)));
        assertRefused(sealed, CONTEXT, "key id=first");
        ring.replace(EncryptionKeys.of("second", key(1, 32)));
        assertRefused(sealed, CONTEXT, "key id=first is not known");
    }

    @Test
    void keysAreRotatedWhileTheyAreUsed() throws Exception {
        byte[] old = encryption.seal(VALUE, CONTEXT);
        ring.replace(ring.keys().plus("second", key(2, 16)));
        assertThat(encryption.seal(VALUE, CONTEXT)[1]).isEqualTo((byte) "first".length());
        ring.replace(ring.keys().sealingWith("second"));
        byte[] young = encryption.seal(VALUE, CONTEXT);
        assertThat(young[1]).isEqualTo((byte) "second".length());
        assertThat(encryption.open(old, CONTEXT)).isEqualTo(VALUE);
        assertThat(encryption.open(young, CONTEXT)).isEqualTo(VALUE);
        ring.replace(ring.keys().minus("first"));
        assertRefused(old, CONTEXT, "key id=first is not known");
        assertThat(encryption.open(young, CONTEXT)).isEqualTo(VALUE);
        assertThat(ring.keys().ids()).containsExactly("second");
    }

    @Test
    void damageIsContained() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] sealed = encryption.seal(new byte[300], CONTEXT);
        assertRefused(new byte[400], CONTEXT, "");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = damaged(sealed, random);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                encryption.open(bytes, CONTEXT);
                assertThat(bytes).as("seed=%d", seed).isEqualTo(sealed);
            } catch (GeneralSecurityException e) {
                assertThat(bytes).as("seed=%d", seed).isNotEqualTo(sealed);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("seed=%d, bytes=%s", seed, HEX.formatHex(bytes))
                    .isLessThan(1 << 20);
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes =
                random.nextInt(4) == 0 ? Arrays.copyOf(good, 1 + random.nextInt(good.length + 20)) : good.clone();
        int early = random.nextBoolean() ? Math.min(bytes.length, 20) : bytes.length;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(early)] = (byte) random.nextInt();
        }
        return bytes;
    }

    @Test
    void nothingShowsAKey() {
        assertThat(encryption.acceptPlaintext(true))
                .hasToString("Encryption[KeyRing[EncryptionKeys[current=first, ids=[first]]], acceptsPlaintext=true]");
    }

    @Test
    void badKeysAreRefusedWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptionKeys.of("k", key(7, 20)))
                .withMessage("key id=k has bytes=20, which must be one of [16, 24, 32]");
        for (String id : new String[] {"", "a b", "ä", "k".repeat(33)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKeys.of(id, key(7, 16)));
        }
        EncryptionKeys keys = ring.keys();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keys.plus("first", key(7, 16)))
                .withMessage("key id=first is taken");
        assertThatIllegalArgumentException().isThrownBy(() -> keys.sealingWith("other"));
        assertThatIllegalArgumentException().isThrownBy(() -> keys.minus("first"));
    }
}
