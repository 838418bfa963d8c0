package io.g2cache.hazelcast;

import io.g2cache.spi.OutProgress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a partition's progress in the ledger. Equal progress has equal bytes, which a compare-and-set relies on.
 *
 * <pre>
 *  0        1           9             17        25
 * +--------+-----------+-------------+---------+
 * | format | committed | fresh as of | redoing |
 * | (1)    |           | ms          |         |
 * +--------+-----------+-------------+---------+
 * </pre>
 *
 * Numbers are big-endian.
 */
final class ProgressRecord {
    static final int BYTES = 25;

    private static final byte FORMAT = 1;

    private ProgressRecord() {}

    static byte[] of(OutProgress progress) {
        return ByteBuffer.allocate(BYTES)
                .put(FORMAT)
                .putLong(progress.committed())
                .putLong(progress.freshAsOfMillis())
                .putLong(progress.redoing())
                .array();
    }

    /** The progress; null for what this version cannot read. */
    static @Nullable OutProgress read(@Nullable Object held) {
        if (!(held instanceof byte[] bytes) || bytes.length != BYTES || bytes[0] != FORMAT) {
            return null;
        }
        ByteBuffer record = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        return new OutProgress(record.getLong(), record.getLong(), record.getLong());
    }
}
