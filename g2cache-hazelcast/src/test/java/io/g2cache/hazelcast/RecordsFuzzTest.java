package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Entry;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.util.Arrays;
import java.util.List;

/** What lies in the shared maps: entries of every kind, and progress. */
class RecordsFuzzTest extends DecoderFuzz {
    private static final int NONCE_AT = 26;

    @Override
    protected List<Fuzz> decoders() {
        List<byte[]> entries = List.of(
                OutRecord.of(Entry.value(7, 1, Long.MAX_VALUE, new byte[] {1, 2, 3}), Source.EVENT),
                OutRecord.of(Entry.value(-1, 0, 0, new byte[300]), Source.EARLY),
                OutRecord.of(Entry.absent(5, 10, 20), Source.LOAD),
                OutRecord.of(Entry.tombstone(Long.MAX_VALUE), Source.EVENT),
                OutRecord.lease());
        List<byte[]> progress = List.of(
                ProgressRecord.of(new OutProgress(7, 1_000, -1)),
                ProgressRecord.of(new OutProgress(Long.MAX_VALUE, 0, 5)));
        return List.of(
                Fuzz.of("entry of the out tier", entries, RecordsFuzzTest::isReadable),
                Fuzz.of("progress in the ledger", progress, bytes -> {
                    OutProgress read = ProgressRecord.read(bytes);
                    if (read != null) {
                        assertThat(ProgressRecord.of(read)).isEqualTo(bytes);
                    }
                    return read != null;
                }));
    }

    /** Whatever is read is written again to the same bytes, but for the nonce; a tombstone has no deadlines. */
    private static boolean isReadable(byte[] bytes) {
        OutSlot slot = OutRecord.slot(bytes);
        assertThat(slot.token()).isSameAs(bytes);
        Entry entry = slot.entry();
        assertThat(entry != null).isEqualTo(slot.kind() == OutSlot.Kind.ENTRY);
        if (entry != null) {
            byte[] again = OutRecord.of(entry, slot.source());
            int same = entry.isTombstone() ? OutRecord.TYPE_AT + 1 + Long.BYTES : NONCE_AT;
            assertThat(Arrays.copyOf(again, same)).isEqualTo(Arrays.copyOf(bytes, same));
            assertThat(again).hasSameSizeAs(bytes);
        }
        return slot.kind() != OutSlot.Kind.UNREADABLE;
    }
}
