package io.g2cache.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Seals values with AES-GCM, so that whoever can read or write the log or the out tier can neither read nor make up one.
 *
 * <pre>
 *  0        1        2            2+n     14+n                    length-16
 * +--------+--------+------------+-------+-----------------------+-----------+
 * | format | length | id of the  | nonce | what is sealed,       | tag       |
 * | (1)    | n      | key (n)    | (12)  | encrypted             | (16)      |
 * +--------+--------+------------+-------+-----------------------+-----------+
 * </pre>
 *
 * The format is 1; no value in plaintext begins so. The id is ASCII. What comes before the nonce is authenticated, too, and so
 * is the context: bytes that must be the same when it is opened. A nonce is never used again, so under one key 2^40 values in
 * the whole deployment are safe; rotate it before. (A process image that is started twice, such as that of a virtual
 * machine's memory, would repeat nonces: start from the program instead.)
 *
 * <p>Immutable but for a count, and thread-safe; nothing blocks. One object may serve all caches.
 */
public final class Encryption {
    /** By how much sealing makes a value longer, at most. */
    public static final int MOST_OVERHEAD_BYTES = 2 + EncryptionKeys.MOST_ID_BYTES + Nonces.BYTES + AesGcm.TAG_BYTES;

    private static final byte FORMAT = 1;
    private static final int ID_AT = 2;

    private final KeyRing ring;
    private final boolean acceptsPlaintext;
    private final LongAdder sealed;

    private Encryption(KeyRing ring, boolean acceptsPlaintext, LongAdder sealed) {
        this.ring = ring;
        this.acceptsPlaintext = acceptsPlaintext;
        this.sealed = sealed;
    }

    /** Encryption by the keys of a ring. */
    public static Encryption aesGcm(KeyRing ring) {
        return new Encryption(ring, false, new LongAdder());
    }

    /**
     * The same, taking values in plaintext too, or not, as is the default. For the time in which the nodes of a deployment
     * are changed to encryption one by one: as long as it is on, whoever can write to the log or the out tier can make up
     * values.
     */
    public Encryption acceptPlaintext(boolean value) {
        return new Encryption(ring, value, sealed);
    }

    /** Whether values in plaintext are taken, too. */
    public boolean acceptsPlaintext() {
        return acceptsPlaintext;
    }

    /** How many values were sealed by this object. */
    public long sealed() {
        return sealed.sum();
    }

    /** Whether these bytes look sealed. */
    public static boolean isSealed(byte[] stored) {
        return stored.length > 0 && stored[0] == FORMAT;
    }

    /** The id of the key that a value was sealed with, as the bytes claim; null where they are not a whole sealed value. */
    public static @Nullable String keyId(byte[] stored) {
        int nonceAt = nonceAt(stored);
        return nonceAt < 0 ? null : printable(stored, nonceAt);
    }

    /** Where the nonce begins; -1 where the bytes are not a whole sealed value. */
    private static int nonceAt(byte[] stored) {
        if (!isSealed(stored) || stored.length == 1) {
            return -1;
        }
        int idBytes = stored[1];
        int at = ID_AT + idBytes;
        boolean isWhole = idBytes > 0
                && idBytes <= EncryptionKeys.MOST_ID_BYTES
                && at + Nonces.BYTES + AesGcm.TAG_BYTES <= stored.length;
        return isWhole ? at : -1;
    }

    /**
     * Seals a value with the ring's current key.
     *
     * @param value what nobody else may read
     * @param context what it belongs to; not stored
     */
    public byte[] seal(byte[] value, byte[] context) {
        EncryptionKeys keys = ring.keys();
        String id = keys.current();
        SecretKey key = keys.key(id);
        if (key == null) {
            throw new IllegalStateException("no key of id=" + id);
        }
        byte[] result = new byte[ID_AT + id.length() + Nonces.BYTES + value.length + AesGcm.TAG_BYTES];
        ByteBuffer.wrap(result)
                .put(FORMAT)
                .put((byte) id.length())
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .put(Nonces.OF_PROCESS.next());
        int nonceAt = ID_AT + id.length();
        try {
            Cipher cipher = AesGcm.cipher(Cipher.ENCRYPT_MODE, key, result, nonceAt);
            cipher.updateAAD(result, 0, nonceAt);
            cipher.updateAAD(context);
            cipher.doFinal(value, 0, value.length, result, nonceAt + Nonces.BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot encrypt with AES-GCM, key id=" + id, e);
        }
        sealed.increment();
        return result;
    }

    /**
     * Opens what {@link #seal} has made. Allocates nothing beyond the value, whatever the bytes claim.
     *
     * @throws GeneralSecurityException where the bytes are not whole, the ring has no key of their id, or the tag shows that
     *     key, context or bytes are not those of the sealing; the message names the key's id, and nothing of the value
     */
    public byte[] open(byte[] stored, byte[] context) throws GeneralSecurityException {
        int nonceAt = nonceAt(stored);
        if (nonceAt < 0) {
            throw new GeneralSecurityException("bytes=" + stored.length + " are not a sealed value");
        }
        int bodyAt = nonceAt + Nonces.BYTES;
        String id = printable(stored, nonceAt);
        SecretKey key = ring.keys().key(id);
        if (key == null) {
            throw new GeneralSecurityException("key id=" + id + " is not known");
        }
        Cipher cipher = AesGcm.cipher(Cipher.DECRYPT_MODE, key, stored, nonceAt);
        cipher.updateAAD(stored, 0, nonceAt);
        cipher.updateAAD(context);
        try {
            return cipher.doFinal(stored, bodyAt, stored.length - bodyAt);
        } catch (AEADBadTagException e) {
            throw new GeneralSecurityException(
                    "key id=" + id
                            + ": the value was changed, belongs elsewhere, or was sealed by another key of this id",
                    e);
        }
    }

    /** The key's id, which may be anybody's bytes and goes into messages. */
    private static String printable(byte[] stored, int end) {
        StringBuilder id = new StringBuilder(end - ID_AT);
        for (int i = ID_AT; i < end; i++) {
            id.append(stored[i] > ' ' && stored[i] < 0x7F ? (char) stored[i] : '?');
        }
        return id.toString();
    }

    @Override
    public String toString() {
        return "Encryption[" + ring + ", acceptsPlaintext=" + acceptsPlaintext + "]";
    }
}
