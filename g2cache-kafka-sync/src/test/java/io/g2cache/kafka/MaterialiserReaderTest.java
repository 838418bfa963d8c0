package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.SyncLogException;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which partitions a materialiser reads, from where, and which it holds. Partition 2 is not pinned. */
class MaterialiserReaderTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);
    private static final TopicPartition P2 = new TopicPartition("t", 2);

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private boolean refusesCommits;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (refusesCommits) {
                throw new KafkaException("no");
            }
            super.commitSync(offsets, timeout);
        }
    };
    private final List<String> events = new ArrayList<>();
    private String refused = "";
    private final LogHandler handler = new LogHandler() {
        @Override
        public void onEvent(int partition, long offset, Event event) {
            String name = partition + ":" + offset;
            if (name.equals(refused)) {
                throw new IllegalStateException(name);
            }
            events.add(name);
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            events.add("gap " + partition + ":" + next);
        }

        @Override
        public void onPosition(int partition, long next) {}
    };
    private final MaterialiserReader reader =
            new MaterialiserReader(consumer, codec, "t", 2, Duration.ofSeconds(1), new RecordPump.Watch() {
                @Override
                public void requireCurrent() {}

                @Override
                public int truncations() {
                    return 0;
                }

                @Override
                public void onMarker(Marker marker, long offset) {}

                @Override
                public void onTruncation(String evidence) {
                    throw new AssertionError(evidence);
                }
            });

    private void assign(TopicPartition... partitions) {
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L, P2, 0L));
        consumer.updateEndOffsets(Map.of(P0, 100L, P1, 100L, P2, 100L));
        consumer.rebalance(List.of(partitions));
    }

    private void assignAt(long offset, TopicPartition... partitions) {
        assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, offset);
        }
        var unused = reader.positions();
    }

    private void add(TopicPartition partition, long offset) {
        EventCodec.EncodedRecord encoded = codec.encode(new Event.Invalidate("c", new byte[] {1}, "n"));
        consumer.addRecord(new ConsumerRecord<>("t", partition.partition(), offset, encoded.key(), encoded.value()));
    }

    private int poll() {
        return reader.poll(Duration.ZERO, handler);
    }

    @Test
    void nothingIsReadOfWhatIsHeldUntilItIsHeldNoMore() {
        assignAt(0, P0, P1, P2);
        reader.hold(Set.of(0));
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P2);
        add(P0, 0);
        add(P1, 0);
        assertThat(poll()).isEqualTo(1);
        assertThat(events).containsExactly("1:0");
        assertThat(reader.positions()).isEqualTo(Map.of(0, 0L, 1, 1L));
        reader.hold(Set.of(1));
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P1, P2);
        assertThat(poll()).isEqualTo(1);
        assertThat(events).containsExactly("1:0", "0:0");
        reader.hold(Set.of());
        assertThat(consumer.paused()).containsExactly(P2);
    }

    @Test
    void whatItDoesNotReadCannotBeHeld() {
        assignAt(0, P1, P2);
        reader.hold(Set.of(0, 1, 7));
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P1, P2);
        consumer.rebalance(List.of(P0, P1, P2));
        reader.hold(Set.of());
        assertThat(consumer.paused()).containsExactly(P2);
    }

    @Test
    void positionsAreThoseOfTheGroupAndThenBehindWhatWasHandedOver() {
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        assignAt(0, P0);
        consumer.commitSync(Map.of(P0, new OffsetAndMetadata(7)));
        consumer.rebalance(List.of());
        assign(P0);
        assertThat(reader.positions()).isEmpty();
        assertThat(reader.positions()).isEqualTo(Map.of(0, 7L));
        add(P0, 9);
        assertThat(poll()).isEqualTo(1);
        assertThat(reader.positions()).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void whereTheGroupHasCommittedNothingThePositionIsUnknownUntilAPoll() {
        assign(P0, P1);
        assertThat(reader.positions()).isEmpty();
        assertThat(reader.positions()).isEmpty();
        poll();
        poll();
        assertThat(reader.positions()).isEqualTo(Map.of(0, 0L, 1, 0L));
        assertThat(events).isEmpty();
    }

    @Test
    void aPositionStopsAtTheEventThatWasRefused() {
        assignAt(0, P0);
        add(P0, 0);
        add(P0, 1);
        refused = "0:1";
        assertThatThrownBy(this::poll).hasMessage("0:1");
        assertThat(reader.positions()).isEqualTo(Map.of(0, 1L));
        reader.hold(Set.of(0));
        assertThat(consumer.position(P0)).isEqualTo(1);
        assertThat(reader.positions()).isEqualTo(Map.of(0, 1L));
    }

    @Test
    void aFailedCommitPutsThePositionBack() {
        assignAt(0, P0, P1);
        add(P0, 3);
        poll();
        assertThat(reader.positions()).isEqualTo(Map.of(0, 4L, 1, 0L));
        refusesCommits = true;
        assertThatThrownBy(reader::commit).isInstanceOf(SyncLogException.class);
        assertThat(reader.positions()).isEqualTo(Map.of(0, 3L, 1, 0L));
    }

    @Test
    void aPartitionThatIsTakenAwayHasNoPositionAndBeginsAtTheCommitWhenItIsBack() {
        assignAt(0, P0, P1);
        add(P0, 0);
        add(P1, 0);
        poll();
        reader.commit();
        add(P0, 1);
        poll();
        consumer.rebalance(List.of(P1));
        assertThat(reader.positions()).isEqualTo(Map.of(1, 1L));
        consumer.rebalance(List.of(P0, P1));
        assertThat(reader.positions()).isEqualTo(Map.of(1, 1L));
        assertThat(reader.positions()).isEqualTo(Map.of(0, 1L, 1, 1L));
    }
}
