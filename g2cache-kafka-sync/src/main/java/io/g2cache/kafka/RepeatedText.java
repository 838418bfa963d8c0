package io.g2cache.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names that stand in nearly every record of a log, few of them different: decoded once and then found by their bytes.
 *
 * <p>Concurrency: any thread, without a lock; a slot is replaced as a whole, and a thread that misses another's name decodes it
 * itself. Memory is bounded by the slots and the longest name kept.
 */
final class RepeatedText {
    private static final int SLOTS = 64;
    private static final int LONGEST_BYTES = 256;

    private final @Nullable Known[] slots = new Known[SLOTS];

    /** A name and its bytes; safe to publish by a race, as it is immutable. */
    private record Known(byte[] bytes, String text) {}

    /**
     * The text of {@code length} bytes in UTF-8.
     *
     * @throws CharacterCodingException if they are none
     */
    String of(byte[] bytes, int from, int length) throws CharacterCodingException {
        int hash = length;
        int hashed = Math.min(length, LONGEST_BYTES);
        for (int i = 0; i < hashed; i++) {
            hash = 31 * hash + bytes[from + i];
        }
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        Known known = slots[slot];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, from + length)) {
            return known.text;
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, length))
                .toString();
        if (length <= LONGEST_BYTES) {
            slots[slot] = new Known(Arrays.copyOfRange(bytes, from, from + length), text);
        }
        return text;
    }
}
