package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.SyncLogException;
import io.g2cache.spi.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class LogScanTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);

    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<LogRecord> found = new ArrayList<>();

    private LogScan scan(long from) {
        consumer.updateBeginningOffsets(Map.of(P0, 10L));
        consumer.updateEndOffsets(Map.of(P0, 20L));
        return new LogScan(consumer, codec, "t", Map.of(0, from));
    }

    private void add(long offset, EventCodec.EncodedRecord encoded) {
        consumer.addRecord(new ConsumerRecord<>("t", 0, offset, encoded.key(), encoded.value()));
    }

    @Test
    void showsMarkersAndWhatCannotBeDecoded() {
        LogScan scan = scan(10);
        add(10, codec.encode(new Marker(Marker.Kind.PIN, 2, 1), "n"));
        add(12, codec.encode(new Event.Clear("c", "n")));
        add(13, new EventCodec.EncodedRecord(new byte[] {9}, new byte[] {9}));
        assertThat(scan.poll(Duration.ZERO, found::add)).isEqualTo(3);
        assertThat(found).extracting(LogRecord::marker).containsExactly("PIN partitions=2 truncations=1", null, null);
        assertThat(found).extracting(LogRecord::isOurs).containsExactly(true, true, false);
        assertThat(found.get(2).event()).isInstanceOf(Event.Unreadable.class);
        assertThat(scan.next(0)).isEqualTo(14);
    }

    @Test
    void goesOnBehindWhatRetentionDeleted() {
        LogScan scan = scan(3);
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 3L)));
        scan.poll(Duration.ZERO, found::add);
        assertThat(scan.next(0)).isEqualTo(10);
        assertThat(scan.deleted()).isEqualTo(7);
        add(10, codec.encode(new Event.Probe("n")));
        assertThat(scan.poll(Duration.ZERO, found::add)).isOne();
    }

    @Test
    void comesBackFromBeyondTheEnd() {
        LogScan scan = scan(30);
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 30L)));
        scan.poll(Duration.ZERO, found::add);
        assertThat(scan.next(0)).isEqualTo(20);
        assertThat(scan.deleted()).isZero();
    }

    @Test
    void waitsForBrokersButNotForPermission() {
        LogScan scan = scan(10);
        consumer.setPollException(new TimeoutException("away"));
        assertThat(scan.poll(Duration.ZERO, found::add)).isZero();
        consumer.setPollException(new TopicAuthorizationException("t"));
        assertThatThrownBy(() -> scan.poll(Duration.ZERO, found::add))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("topic=t cannot be read");
        scan.wakeUp();
        assertThat(scan.poll(Duration.ZERO, found::add)).isZero();
    }
}
