package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Entry;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Kind;
import io.g2cache.spi.OutSlot.Source;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutRecordTest {
    private static final int NONCE_AT = 26;

    private static final Entry VALUE = Entry.value(0x0102030405060708L, 1_000, 2_000, new byte[] {9, 8, 7});

    @Test
    void laysOutAValue() {
        byte[] bytes = OutRecord.of(VALUE, Source.EVENT);
        assertThat(bytes).hasSize(OutRecord.HEADER_BYTES + 3);
        String hex = HexFormat.of().formatHex(bytes);
        assertThat(hex.substring(0, 2 * NONCE_AT))
                .isEqualTo("01" + "01" + "0102030405060708" + "00000000000003e8" + "00000000000007d0");
        assertThat(hex.substring(2 * OutRecord.HEADER_BYTES)).isEqualTo("090807");
    }

    @Test
    void numbersTheTypes() {
        assertThat(List.of(
                        OutRecord.of(VALUE, Source.EVENT)[OutRecord.TYPE_AT],
                        OutRecord.of(Entry.absent(1, 2, 3), Source.EVENT)[OutRecord.TYPE_AT],
                        OutRecord.of(VALUE, Source.EARLY)[OutRecord.TYPE_AT],
                        OutRecord.of(Entry.absent(1, 2, 3), Source.LOAD)[OutRecord.TYPE_AT],
                        OutRecord.of(Entry.tombstone(1), Source.EVENT)[OutRecord.TYPE_AT],
                        OutRecord.lease()[OutRecord.TYPE_AT]))
                .containsExactly((byte) 1, (byte) 2, (byte) 0x11, (byte) 0x22, (byte) 3, (byte) 4);
    }

    @Test
    void readsWhatItWrites() {
        for (Entry entry : List.of(
                VALUE,
                Entry.value(-1, 0, Long.MAX_VALUE, new byte[0]),
                Entry.absent(5, 10, 20),
                Entry.tombstone(Long.MAX_VALUE))) {
            for (Source source : Source.values()) {
                byte[] bytes = OutRecord.of(entry, source);
                OutSlot slot = OutRecord.slot(bytes);
                assertThat(slot.kind()).isEqualTo(Kind.ENTRY);
                assertThat(slot.version()).isEqualTo(entry.version());
                assertThat(slot.source()).isEqualTo(source);
                assertThat(slot.token()).isSameAs(bytes);
                assertThat(slot.entry()).usingRecursiveComparison().isEqualTo(entry);
            }
        }
        OutSlot lease = OutRecord.slot(OutRecord.lease());
        assertThat(lease.kind()).isEqualTo(Kind.LEASE);
        assertThat(lease.version()).isEqualTo(-1);
        assertThat(OutRecord.slot(null)).isSameAs(OutSlot.EMPTY);
    }

    @Test
    void makesNoTwoRecordsEqual() {
        assertThat(OutRecord.of(VALUE, Source.EVENT)).isNotEqualTo(OutRecord.of(VALUE, Source.EVENT));
        assertThat(OutRecord.of(Entry.tombstone(1), Source.EVENT))
                .isNotEqualTo(OutRecord.of(Entry.tombstone(1), Source.EVENT));
        assertThat(OutRecord.lease()).isNotEqualTo(OutRecord.lease());
    }

    @Test
    void takesForeignContentForUnreadable() {
        byte[] otherFormat = OutRecord.of(VALUE, Source.EVENT);
        otherFormat[0] = 2;
        byte[] otherType = OutRecord.of(VALUE, Source.EVENT);
        otherType[OutRecord.TYPE_AT] = 5;
        byte[] otherSource = OutRecord.of(VALUE, Source.EVENT);
        otherSource[OutRecord.TYPE_AT] = 0x31;
        byte[] negative = OutRecord.of(VALUE, Source.EVENT);
        negative[OutRecord.TYPE_AT] = (byte) 0x81;
        byte[] earlyLease = OutRecord.lease();
        earlyLease[OutRecord.TYPE_AT] |= 0x10;
        byte[] tombstone = OutRecord.of(Entry.tombstone(1), Source.EVENT);
        for (Object foreign : List.of(
                otherFormat,
                otherType,
                otherSource,
                negative,
                earlyLease,
                Arrays.copyOf(tombstone, tombstone.length + 1),
                Arrays.copyOf(tombstone, tombstone.length - 1),
                new byte[0],
                "text",
                7L)) {
            OutSlot slot = OutRecord.slot(foreign);
            assertThat(slot.kind()).isEqualTo(Kind.UNREADABLE);
            assertThat(slot.token()).isSameAs(foreign);
        }
    }

    @Test
    void survivesMutation() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = mutated(random);
            OutSlot slot = OutRecord.slot(bytes);
            assertThat(slot.token()).as("seed=%d round=%d", seed, i).isSameAs(bytes);
            assertThat(slot.entry() != null).as("seed=%d round=%d", seed, i).isEqualTo(slot.kind() == Kind.ENTRY);
            seen.merge(slot.kind(), 1, Integer::sum);
        }
        assertThat(seen).as("seed=%d", seed).containsKeys(Kind.ENTRY, Kind.LEASE, Kind.UNREADABLE);
    }

    private static byte[] mutated(Random random) {
        byte[] payload = new byte[random.nextInt(64)];
        random.nextBytes(payload);
        byte[] bytes = switch (random.nextInt(4)) {
            case 0 -> OutRecord.of(Entry.value(random.nextLong(), random.nextLong(), 0, payload), Source.EVENT);
            case 1 -> OutRecord.of(Entry.absent(random.nextLong(), 0, random.nextLong()), Source.EVENT);
            case 2 -> OutRecord.of(Entry.tombstone(random.nextLong()), Source.EVENT);
            default -> OutRecord.lease();
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(random.nextBoolean() ? 2 : bytes.length)] = (byte) random.nextInt(8);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }
}
