package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.SeenEvents.Appended;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The nodes and readers of a contract of logs, and what they write and see. */
abstract class SyncLogFixture {
    /** Largest encoded event of the logs under test. */
    protected static final int MAXIMUM_EVENT_BYTES = 1 << 20;

    static final String CACHE = "cities";
    static final Duration IMMEDIATELY = Duration.ofMillis(50);

    final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    final List<AutoCloseable> opened = new ArrayList<>();
    SyncLogProvider provider;
    SyncLog log;

    @SuppressWarnings("NullAway.Init")
    SyncLogFixture() {}

    /** A provider; called once for each test. All providers of a test class reach the same broker. */
    protected abstract SyncLogProvider provider();

    @BeforeEach
    void open() {
        provider = provider();
        log = openNode("node-a");
    }

    SyncLog openNode(String nodeId) {
        SyncLog node = provider.open(new LogContext(
                namespace,
                nodeId,
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                MAXIMUM_EVENT_BYTES,
                TimeSource.SYSTEM));
        opened.add(node);
        return node;
    }

    LogReader tail(LogPosition from) {
        LogReader reader = log.tail(from);
        opened.add(reader);
        return reader;
    }

    LogReader materialiser(SyncLog node) {
        LogReader reader = node.materialiser();
        opened.add(reader);
        return reader;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    static Event.Invalidate invalidate(int number) {
        return new Event.Invalidate(CACHE, ("key-" + number).getBytes(StandardCharsets.UTF_8), "node-a");
    }

    Appended append(int partition, Event event) {
        return new Appended(partition, Race.await(log.append(partition, event)), event);
    }

    /** Events with increasing numbers, spread over the partitions. */
    List<Appended> appendMany(int from, int count) {
        List<Appended> all = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            all.add(append(i % log.partitions(), invalidate(i)));
        }
        return all;
    }

    LogPosition end() {
        return Race.await(log.endOffsets());
    }

    static void assertSeen(SeenEvents seen, List<Appended> all) {
        assertThat(all)
                .allSatisfy(appended -> assertThat(seen.events(appended.partition()))
                        .containsEntry(appended.offset(), Text.of(appended.event())));
    }
}
