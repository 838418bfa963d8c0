package io.g2cache.crypto;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES keys by their ids: one seals, all of them open. Immutable and thread-safe; nothing here shows a key's bytes.
 *
 * <p>A key is rotated in three steps, each on all nodes before the next: {@link #plus} makes the new key known, {@link #sealingWith}
 * makes it the one that seals, and {@link #minus} forgets the old one when nothing that it has sealed can be alive any more.
 */
public final class EncryptionKeys {
    /** Longest key id. */
    public static final int MOST_ID_BYTES = 32;

    private static final Set<Integer> KEY_BYTES = new TreeSet<>(Set.of(16, 24, 32));

    private final String current;
    private final Map<String, SecretKey> keys;

    private EncryptionKeys(String current, Map<String, SecretKey> keys) {
        this.current = current;
        this.keys = keys;
    }

    /**
     * One key, which seals and opens.
     *
     * @param id 1 to {@value #MOST_ID_BYTES} printable ASCII characters; it is stored readably with every value
     * @param key 16, 24 or 32 random bytes; copied
     */
    public static EncryptionKeys of(String id, byte[] key) {
        return new EncryptionKeys(id, Map.of(requireId(id), secret(id, key)));
    }

    private static String requireId(String id) {
        boolean printable = id.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (id.isEmpty() || id.length() > MOST_ID_BYTES || !printable) {
            throw new IllegalArgumentException(
                    "key id '" + id + "' must be 1 to " + MOST_ID_BYTES + " printable ASCII characters");
        }
        return id;
    }

    private static SecretKey secret(String id, byte[] key) {
        if (!KEY_BYTES.contains(key.length)) {
            throw new IllegalArgumentException(
                    "key id=" + id + " has bytes=" + key.length + ", which must be one of " + KEY_BYTES);
        }
        return new SecretKeySpec(key, "AES");
    }

    /**
     * The same with one key more, which only opens.
     *
     * @throws IllegalArgumentException if the id is taken: what its key has sealed would not open any more
     */
    public EncryptionKeys plus(String id, byte[] key) {
        if (keys.containsKey(requireId(id))) {
            throw new IllegalArgumentException("key id=" + id + " is taken");
        }
        Map<String, SecretKey> more = new LinkedHashMap<>(keys);
        more.put(id, secret(id, key));
        return new EncryptionKeys(current, Map.copyOf(more));
    }

    /** The same keys, of which the given one seals. */
    public EncryptionKeys sealingWith(String id) {
        if (!keys.containsKey(id)) {
            throw new IllegalArgumentException("key id=" + id + " is not one of " + ids());
        }
        return new EncryptionKeys(id, keys);
    }

    /** The same without a key; what it has sealed does not open any more. */
    public EncryptionKeys minus(String id) {
        if (id.equals(current)) {
            throw new IllegalArgumentException("key id=" + id + " is the one that seals");
        }
        Map<String, SecretKey> fewer = new LinkedHashMap<>(keys);
        fewer.remove(id);
        return new EncryptionKeys(current, Map.copyOf(fewer));
    }

    /** Id of the key that seals. */
    public String current() {
        return current;
    }

    /** The ids of all keys. */
    public Set<String> ids() {
        return new TreeSet<>(keys.keySet());
    }

    @Nullable
    SecretKey key(String id) {
        return keys.get(id);
    }

    @Override
    public String toString() {
        return "EncryptionKeys[current=" + current + ", ids=" + ids() + "]";
    }
}
