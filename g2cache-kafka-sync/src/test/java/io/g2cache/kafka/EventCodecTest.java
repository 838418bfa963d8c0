package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.kafka.EventCodec.EncodedRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final byte[] KEY = {0, -1, 5};
    private static final List<Event> EVENTS = List.of(
            new Event.Put("cities", KEY, "node-a", Entry.value(-1, 5, Long.MAX_VALUE, new byte[] {9, 0, -9})),
            new Event.Put("cities", KEY, "node-ü", Entry.absent(-1, -7, 8)),
            new Event.Invalidate("cities", KEY, "node-a"),
            new Event.Clear("cities", "node-a"),
            new Event.Tag("cities", "user:ü42", "node-a"),
            new Event.Redo(0, 0, "node-a"),
            new Event.Redo(17, 1L << 60, "node-b"),
            new Event.Loaded("cities", KEY, "node-a", Entry.value(1L << 60, 1, 2, new byte[300])),
            new Event.Probe("node-a"));

    /** A decoder, an exception with its stack trace and message, a record's fields. */
    private static final long FIXED_BYTES = 8 << 10;

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);

    private Event decode(EncodedRecord encoded) {
        return codec.decode(encoded.key(), encoded.value(), () -> codec.schemaVersion());
    }

    @Test
    void everyEventComesBack() {
        assertThat(EVENTS)
                .allSatisfy(event -> assertThat(decode(codec.encode(event)))
                        .usingRecursiveComparison()
                        .isEqualTo(event));
    }

    @Test
    void theVersionOfAPutIsNotWritten() {
        Entry entry = Entry.value(77, 1, 2, KEY);
        assertThat(codec.encode(new Event.Put("c", KEY, "n", entry)).value())
                .isEqualTo(codec.encode(new Event.Put("c", KEY, "n", entry.withVersion(78)))
                        .value());
    }

    @Test
    void anyAvroReaderUnderstandsTheValue() throws Exception {
        BinaryMessageDecoder<GenericRecord> avro =
                new BinaryMessageDecoder<>(GenericData.get(), EventSchemas.SHIPPED.newest());
        GenericRecord body = avro.decode(codec.encode(EVENTS.get(0)).value());
        assertThat(body.get("type")).hasToString("PUT");
        assertThat(body.get("value")).isEqualTo(ByteBuffer.wrap(new byte[] {9, 0, -9}));
        assertThat(body.get("hardDeadline")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void putAndInvalidateShareARecordKeyAndNothingElseDoes() {
        List<String> keys = EVENTS.stream()
                .map(event -> new String(codec.encode(event).key(), StandardCharsets.ISO_8859_1))
                .toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isEqualTo(keys.get(2));
        assertThat(keys.subList(2, keys.size())).doesNotHaveDuplicates();
        assertThat(codec.encode(new Event.Invalidate("citie", new byte[] {'s', 0, -1, 5}, "n"))
                        .key())
                .isNotEqualTo(codec.encode(EVENTS.get(2)).key());
    }

    @Test
    void markersAreNoEventsAndClaimsHaveKeysOfTheirOwn() {
        EncodedRecord claim = codec.encode(new Marker(Marker.Kind.CLAIM, 12, 0), "node-a");
        EncodedRecord otherClaim = codec.encode(new Marker(Marker.Kind.CLAIM, 24, 0), "node-b");
        EncodedRecord pin = codec.encode(new Marker(Marker.Kind.PIN, 12, 0), "node-a");
        assertThat(decode(claim)).isNull();
        assertThat(decode(pin)).isNull();
        assertThat(codec.decodeMarker(claim.key(), claim.value(), () -> 1))
                .isEqualTo(new Marker(Marker.Kind.CLAIM, 12, 0));
        assertThat(codec.decodeMarker(pin.key(), pin.value(), () -> 1)).isEqualTo(new Marker(Marker.Kind.PIN, 12, 0));
        assertThat(claim.key()).isNotEqualTo(otherClaim.key()).isNotEqualTo(pin.key());
        assertThat(pin.key())
                .isEqualTo(codec.encode(new Marker(Marker.Kind.PIN, 12, 0), "node-b")
                        .key());
        EncodedRecord put = codec.encode(EVENTS.get(0));
        assertThat(codec.decodeMarker(put.key(), put.value(), () -> 1)).isNull();
    }

    @Test
    void anUndecodableValueStillNamesItsKey() {
        EncodedRecord put = codec.encode(EVENTS.get(0));
        for (byte[] value : new byte[][] {null, {}, {1, 2, 3}, new byte[40]}) {
            Event event = codec.decode(put.key(), value, () -> 1);
            assertThat(event).isInstanceOfSatisfying(Event.Unreadable.class, unreadable -> {
                assertThat(unreadable.cache()).isEqualTo("cities");
                assertThat(unreadable.key()).isEqualTo(KEY);
                assertThat(unreadable.reason()).isNotBlank();
            });
        }
    }

    @Test
    void whatConcernsMoreThanAKeyIsAGapWhenUndecodable() {
        EncodedRecord clear = codec.encode(EVENTS.get(3));
        assertThat(codec.decode(clear.key(), null, () -> 1))
                .isInstanceOfSatisfying(Event.Unreadable.class, unreadable -> {
                    assertThat(unreadable.cache()).isEqualTo("cities");
                    assertThat(unreadable.key()).isNull();
                });
        byte[] unknownClass = codec.encode(EVENTS.get(2)).key();
        unknownClass[1] = 'T';
        assertThat(codec.decode(unknownClass, codec.encode(EVENTS.get(2)).value(), () -> 1))
                .isInstanceOfSatisfying(
                        Event.Unreadable.class,
                        unreadable -> assertThat(unreadable.key()).isNull());
    }

    @Test
    void anUndecodableKeyIsAGap() {
        byte[] value = codec.encode(EVENTS.get(0)).value();
        byte[] badName = codec.encode(EVENTS.get(0)).key();
        badName[4] = (byte) 0xFF;
        for (byte[] key : new byte[][] {null, {}, {1, 'D', 0}, {2, 'D', 0, 0, 1}, {1, 'D', 0, 9, 1}, badName}) {
            assertThat(codec.decode(key, value, () -> 1)).isInstanceOfSatisfying(Event.Unreadable.class, unreadable -> {
                assertThat(unreadable.cache()).isNull();
                assertThat(unreadable.key()).isNull();
            });
        }
    }

    @Test
    void aTypeThatDoesNotFitItsKeyIsUnreadable() {
        EncodedRecord put = codec.encode(EVENTS.get(0));
        EncodedRecord clear = codec.encode(EVENTS.get(3));
        assertThat(codec.decode(put.key(), clear.value(), () -> 1)).isInstanceOf(Event.Unreadable.class);
        assertThat(codec.decode(clear.key(), put.value(), () -> 1)).isInstanceOf(Event.Unreadable.class);
    }

    @Test
    void refusesWhatCannotBeWritten() {
        assertThatThrownBy(() -> codec.encode(new Event.Put("c", KEY, "n", Entry.tombstone(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TOMBSTONE");
        assertThatThrownBy(() -> codec.encode(new Event.Invalidate("c", new byte[0], "n")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.encode(new Event.Unreadable(null, null, "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.encode(new Event.Clear("x".repeat(70_000), "n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("70000");
    }

    @Test
    void hostileRecordsAreDecodedOrUnreadableAndAllocateLittle() {
        HostileRecords records = new HostileRecords(codec, EVENTS, System.nanoTime());
        int unreadable = 0;
        for (int i = 0; i < 20_000; i++) {
            HostileRecords.Hostile hostile = records.next();
            byte[] key = hostile.key();
            Event event = codec.decode(key, hostile.value(), () -> hostile.schemaVersion());
            assertThat(event != null || (key != null && key[1] == RecordKey.MARKER))
                    .as("%s, i=%d, %s", records, i, hostile)
                    .isTrue();
            assertThat(allocatedBy(hostile))
                    .as("allocated, %s, i=%d, %s", records, i, hostile)
                    .isLessThan(FIXED_BYTES + 10L * hostile.bytes());
            unreadable += event instanceof Event.Unreadable ? 1 : 0;
        }
        assertThat(unreadable).as("%s", records).isBetween(5_000, 19_999);
    }

    /** The least of three tries: the first one may load classes. */
    private long allocatedBy(HostileRecords.Hostile hostile) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            codec.decode(hostile.key(), hostile.value(), () -> hostile.schemaVersion());
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void aLengthBeyondTheRecordAllocatesNothing() {
        EncodedRecord put = codec.encode(new Event.Put("c", KEY, "", Entry.value(-1, 0, 0, KEY)));
        byte[] value = put.value();
        // type, empty origin, stamp -1, deadlines 0: then the union's branch, then the length of the bytes
        int branch = 10 + 5;
        assertThat(value[branch]).isEqualTo((byte) 2);
        byte[] hostile = ByteBuffer.allocate(branch + 6)
                .put(value, 0, branch + 1)
                .put(new byte[] {-2, -1, -1, -1, 15})
                .array();
        anUndecodableValueStillNamesItsKey();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(codec.decode(put.key(), hostile, () -> 1)).isInstanceOf(Event.Unreadable.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    }
}
