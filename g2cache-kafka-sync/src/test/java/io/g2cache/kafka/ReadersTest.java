package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.GenerationEndedException;
import io.g2cache.SyncLogException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);
    private static final TopicPartition P2 = new TopicPartition("t", 2);

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<String> events = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private final Map<Integer, Long> gaps = new HashMap<>();

    /** Takes what it is told to, and throws at one event. */
    private final class Handler implements LogHandler {
        private String refused = "";

        @Override
        public void onEvent(int partition, long offset, Event event) {
            String name = partition + ":" + offset;
            if (name.equals(refused)) {
                throw new IllegalStateException(name);
            }
            events.add(name);
            types.add(event.getClass().getSimpleName());
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            gaps.put(partition, next);
        }

        @Override
        public void onPosition(int partition, long next) {
            positions.put(partition, next);
        }
    }

    /** Notes what it hears, and ends the history when it is told to. */
    private static final class Watching implements RecordPump.Watch {
        private final List<String> seen = new ArrayList<>();
        private boolean ended;
        private int truncations;

        @Override
        public void requireCurrent() {
            if (ended) {
                throw new GenerationEndedException("ended");
            }
        }

        @Override
        public int truncations() {
            return truncations;
        }

        @Override
        public void onMarker(Marker marker, long offset) {
            seen.add(marker.kind() + "@" + offset);
        }

        @Override
        public void onTruncation(String evidence) {
            seen.add(evidence);
        }
    }

    private final Watching watch = new Watching();
    private final Handler handler = new Handler();

    private void add(TopicPartition partition, long offset) {
        EventCodec.EncodedRecord encoded = codec.encode(new Event.Invalidate("c", new byte[] {1}, "n"));
        consumer.addRecord(new ConsumerRecord<>("t", partition.partition(), offset, encoded.key(), encoded.value()));
    }

    private void addMarker(long offset) {
        EventCodec.EncodedRecord encoded = codec.encode(new Marker(Marker.Kind.PIN, 2, 0), "n");
        consumer.addRecord(new ConsumerRecord<>("t", 0, offset, encoded.key(), encoded.value()));
    }

    private TailReader tail() {
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.updateEndOffsets(Map.of(P0, 100L, P1, 100L));
        return new TailReader(consumer, codec, "t", LogPosition.of(0, 0), watch);
    }

    @Test
    void reportsEventsAndPositionsButNoMarkers() {
        TailReader reader = tail();
        addMarker(0);
        add(P0, 1);
        add(P0, 5);
        addMarker(6);
        add(P1, 3);
        assertThat(reader.poll(Duration.ZERO, handler)).isEqualTo(3);
        assertThat(events).containsExactlyInAnyOrder("0:1", "0:5", "1:3");
        assertThat(positions).isEqualTo(Map.of(0, 7L, 1, 4L));
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        assertThatThrownBy(reader::commit).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aRefusedEventComesAgainAndNothingBeforeOrBeside() {
        TailReader reader = tail();
        for (int i = 0; i < 4; i++) {
            add(P0, i);
            add(P1, i);
        }
        handler.refused = "0:2";
        assertThatThrownBy(() -> reader.poll(Duration.ZERO, handler)).hasMessage("0:2");
        assertThat(consumer.position(P0)).isEqualTo(2);
        assertThat(positions).doesNotContainKey(0);
        long besides = events.stream().filter(e -> e.startsWith("1:")).count();
        assertThat(consumer.position(P1)).isEqualTo(besides).isIn(0L, 4L);

        handler.refused = "";
        for (int i = 2; i < 4; i++) {
            add(P0, i);
        }
        for (long i = besides; i < 4; i++) {
            add(P1, i);
        }
        reader.poll(Duration.ZERO, handler);
        assertThat(events).hasSize(8).doesNotHaveDuplicates();
        assertThat(positions).isEqualTo(Map.of(0, 4L, 1, 4L));
    }

    @Test
    void aPositionBelowTheStartIsAGapAndReadingGoesOnAtTheStart() {
        consumer.updateBeginningOffsets(Map.of(P0, 50L, P1, 0L));
        consumer.updateEndOffsets(Map.of(P0, 100L, P1, 100L));
        TailReader reader = new TailReader(consumer, codec, "t", LogPosition.of(7, 0), watch);
        add(P0, 60);
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        assertThat(gaps).isEqualTo(Map.of(0, 50L));
        assertThat(positions).isEqualTo(Map.of(0, 50L));
        assertThat(consumer.position(P0)).isEqualTo(50);
        assertThat(watch.seen).isEmpty();
    }

    @Test
    void aPositionBeyondTheEndIsATruncationAndNoGap() {
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.updateEndOffsets(Map.of(P0, 5L, P1, 100L));
        TailReader reader = new TailReader(consumer, codec, "t", LogPosition.of(7, 0), watch);
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 7L)));
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        assertThat(watch.seen).singleElement().asString().contains("offset=5").contains("position=7");
        assertThat(gaps).isEmpty();
        assertThat(positions).isEmpty();
    }

    @Test
    void aDivergingEpochIsATruncation() {
        TailReader reader = tail();
        consumer.setPollException(new LogTruncationException(Map.of(P0, 7L), Map.of(P0, new OffsetAndMetadata(4))));
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        assertThat(watch.seen).singleElement().asString().contains("offset=4");
    }

    @Test
    void whatWasWrittenBeforeATruncationHasNoValue() {
        TailReader reader = tail();
        watch.truncations = 2;
        Event put = new Event.Put("c", new byte[] {1}, "n", Entry.absent(0, 1, 2));
        Event loaded = new Event.Loaded("c", new byte[] {1}, "n", Entry.absent(0, 1, 2));
        addOf(0, put, null);
        addOf(1, put, new byte[] {0, 0, 0, 1});
        addOf(2, loaded, new byte[] {0, 0, 0, 1});
        addOf(3, put, new byte[] {0, 0, 2});
        addOf(4, put, new byte[] {0, 0, 0, 2});
        addOf(5, new Event.Clear("c", "n"), null);
        assertThat(reader.poll(Duration.ZERO, handler)).isEqualTo(6);
        assertThat(types).containsExactly("Invalidate", "Invalidate", "Probe", "Invalidate", "Put", "Clear");
    }

    private void addOf(long offset, Event event, byte @Nullable [] truncations) {
        EventCodec.EncodedRecord encoded = codec.encode(event);
        ConsumerRecord<byte[], byte[]> message = new ConsumerRecord<>("t", 0, offset, encoded.key(), encoded.value());
        if (truncations != null) {
            message.headers().add(Appender.TRUNCATIONS_HEADER, truncations);
        }
        consumer.addRecord(message);
    }

    @Test
    void anEndedHistoryIsNotRead() {
        TailReader reader = tail();
        add(P0, 0);
        watch.ended = true;
        assertThatThrownBy(() -> reader.poll(Duration.ZERO, handler)).isInstanceOf(GenerationEndedException.class);
        assertThat(events).isEmpty();
    }

    @Test
    void markersAreShownToTheWatch() {
        TailReader reader = tail();
        addMarker(3);
        reader.poll(Duration.ZERO, handler);
        assertThat(watch.seen).containsExactly("PIN@3");
    }

    @Test
    void aGroupThatHasCommittedNothingBeginsAtTheStart() {
        MaterialiserReader reader = materialiser(consumer);
        consumer.updateBeginningOffsets(Map.of(P0, 40L, P1, 0L, P2, 0L));
        consumer.setPollException(new NoOffsetForPartitionException(List.of(P0)));
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        assertThat(consumer.position(P0)).isEqualTo(40);
        assertThat(gaps).isEmpty();
    }

    @Test
    void aLogThatIsAwayYieldsNothingAndARefusalIsAnError() {
        TailReader reader = tail();
        consumer.setPollException(new TimeoutException("away"));
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        consumer.setPollException(new TopicAuthorizationException("t"));
        assertThatThrownBy(() -> reader.poll(Duration.ZERO, handler)).isInstanceOf(SyncLogException.class);
        reader.wakeUp();
        assertThat(reader.poll(Duration.ZERO, handler)).isZero();
        reader.close();
        reader.close();
        assertThat(consumer.closed()).isTrue();
    }

    private MaterialiserReader materialiser(MockConsumer<byte[], byte[]> of) {
        MaterialiserReader reader = new MaterialiserReader(of, codec, "t", 2, Duration.ofSeconds(1), watch);
        of.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L, P2, 0L));
        of.updateEndOffsets(Map.of(P0, 100L, P1, 100L, P2, 100L));
        of.rebalance(List.of(P0, P1, P2));
        for (TopicPartition partition : List.of(P0, P1, P2)) {
            of.seek(partition, 0);
        }
        return reader;
    }

    @Test
    void aCommitCoversWhatWasHandedOverOfThePartitionsStillHeld() {
        MaterialiserReader reader = materialiser(consumer);
        add(P0, 0);
        add(P0, 1);
        add(P1, 0);
        add(P2, 0);
        assertThat(reader.poll(Duration.ZERO, handler)).isEqualTo(3);
        assertThat(consumer.paused()).containsExactly(P2);
        consumer.rebalance(List.of(P0));
        reader.commit();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(P0, P1));
        assertThat(committed.get(P0).offset()).isEqualTo(2);
        assertThat(committed.get(P1)).isNull();
    }

    @Test
    void aPartitionThatIsTakenAwayAndGivenBackInOnePollIsMissingFromTheNextAnswer() {
        MaterialiserReader reader = materialiser(consumer);
        add(P0, 0);
        add(P1, 0);
        reader.poll(Duration.ZERO, handler);
        assertThat(reader.positions()).isEmpty();
        assertThat(reader.positions()).isEqualTo(Map.of(0, 1L, 1, 1L));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(P1));
            consumer.rebalance(List.of(P0, P1));
            consumer.seek(P0, 7);
        });
        reader.poll(Duration.ZERO, handler);
        assertThat(reader.positions()).isEqualTo(Map.of(1, 1L));
        assertThat(reader.positions()).isEqualTo(Map.of(0, 7L, 1, 1L));
    }

    @Test
    void aCommitStopsBeforeARefusedEvent() {
        MaterialiserReader reader = materialiser(consumer);
        add(P0, 0);
        add(P0, 1);
        handler.refused = "0:1";
        assertThatThrownBy(() -> reader.poll(Duration.ZERO, handler)).hasMessage("0:1");
        reader.commit();
        assertThat(consumer.committed(Set.of(P0)).get(P0).offset()).isEqualTo(1);
    }

    @Test
    void aFailedCommitHandsTheEventsOverAgain() {
        boolean[] refuses = {true};
        MockConsumer<byte[], byte[]> refusing = new MockConsumer<>("earliest") {
            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
                if (refuses[0]) {
                    throw new KafkaException("no");
                }
                super.commitSync(offsets, timeout);
            }
        };
        MaterialiserReader reader = materialiser(refusing);
        EventCodec.EncodedRecord encoded = codec.encode(new Event.Invalidate("c", new byte[] {1}, "n"));
        refusing.addRecord(new ConsumerRecord<>("t", 0, 3, encoded.key(), encoded.value()));
        reader.poll(Duration.ZERO, handler);
        assertThatThrownBy(reader::commit).isInstanceOf(SyncLogException.class).hasMessageContaining("offset=4");
        assertThat(refusing.position(P0)).isEqualTo(3);
        refuses[0] = false;
        reader.commit();
        assertThat(refusing.committed(Set.of(P0)).get(P0)).isNull();
        refusing.addRecord(new ConsumerRecord<>("t", 0, 3, encoded.key(), encoded.value()));
        reader.poll(Duration.ZERO, handler);
        assertThat(events).containsExactly("0:3", "0:3");
        reader.commit();
        assertThat(refusing.committed(Set.of(P0)).get(P0).offset()).isEqualTo(4);
    }
}
