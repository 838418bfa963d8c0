package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where the pin of a topic is looked for. */
class PinSearchTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final List<Long> soughtTo = new ArrayList<>();
    private int hints;

    private final class Reading extends MockConsumer<byte[], byte[]> {
        Reading() {
            super("none");
            updateBeginningOffsets(Map.of(P0, 0L));
            updateEndOffsets(Map.of(P0, end()));
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            super.assign(partitions);
            log.forEach(this::addRecord);
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            soughtTo.add(offset);
            super.seek(partition, offset);
        }
    }

    private long end() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).offset() + 1;
    }

    private void marker(long offset, Marker.Kind kind, int partitions, int truncations) {
        EventCodec.EncodedRecord encoded = codec.encode(new Marker(kind, partitions, truncations), "n");
        log.add(new ConsumerRecord<>("t", 0, offset, encoded.key(), encoded.value()));
    }

    private PinSearch.Result search(@Nullable Long hint) {
        MarkerScan scan = new MarkerScan(Reading::new, codec, P0, 9, Duration.ofSeconds(20));
        return new PinSearch(scan, () -> {
                    hints++;
                    return hint;
                })
                .search();
    }

    @Test
    void aHintIsFollowedAndEverythingBehindItRead() {
        marker(0, Marker.Kind.CLAIM, 7, 0);
        marker(1, Marker.Kind.PIN, 7, 0);
        marker(15_000, Marker.Kind.PIN, 7, 1);
        marker(19_000, Marker.Kind.PIN, 7, 2);
        marker(20_000, Marker.Kind.CLAIM, 9, 0);
        PinSearch.Result result = search(15_000L);
        assertThat(result.read()).isFalse();
        assertThat(result.found().pin()).isEqualTo(7);
        assertThat(result.found().truncations()).isEqualTo(2);
        assertThat(result.found().pinOffset()).isEqualTo(19_000);
        assertThat(soughtTo).containsExactly(15_000L);
    }

    @Test
    void aHintThatLeadsToNoPinCostsTheWholeLog() {
        marker(1, Marker.Kind.PIN, 7, 3);
        marker(20_000, Marker.Kind.CLAIM, 9, 0);
        PinSearch.Result result = search(15_000L);
        assertThat(result.read()).isTrue();
        assertThat(result.found().pin()).isEqualTo(7);
        assertThat(result.found().truncations()).isEqualTo(3);
        assertThat(soughtTo).containsExactly(15_000L, 0L);
    }

    @Test
    void aHintIsNotAskedForWhereTheLogIsShort() {
        marker(1, Marker.Kind.PIN, 7, 0);
        marker(9_000, Marker.Kind.PIN, 7, 1);
        PinSearch.Result result = search(9_000L);
        assertThat(result.read()).isFalse();
        assertThat(result.found().truncations()).isEqualTo(1);
        assertThat(hints).isZero();
        assertThat(soughtTo).containsExactly(0L);
    }

    @Test
    void whatNamesMorePartitionsThanThereAreDecidesNothing() {
        marker(0, Marker.Kind.CLAIM, 10, 0);
        marker(1, Marker.Kind.PIN, 10, 8);
        marker(2, Marker.Kind.CLAIM, 7, 0);
        marker(3, Marker.Kind.PIN, 7, 1);
        marker(20_000, Marker.Kind.PIN, 99, 5);
        PinSearch.Result result = search(20_000L);
        assertThat(result.read()).isTrue();
        assertThat(result.found().claim()).isEqualTo(7);
        assertThat(result.found().pin()).isEqualTo(7);
        assertThat(result.found().truncations()).isEqualTo(1);
        assertThat(result.found().pinOffset()).isEqualTo(3);
        assertThat(result.found().forged()).isEqualTo(new Marker(Marker.Kind.PIN, 99, 5));
        assertThat(result.found().forgedOffset()).isEqualTo(20_000);
    }

    @Test
    void withoutAHintTheWholeLogIsRead() {
        marker(1, Marker.Kind.CLAIM, 7, 0);
        marker(20_000, Marker.Kind.CLAIM, 9, 0);
        PinSearch.Result result = search(null);
        assertThat(result.read()).isTrue();
        assertThat(result.found().pin()).isZero();
        assertThat(result.found().claim()).isEqualTo(7);
        assertThat(hints).isEqualTo(1);
    }
}
