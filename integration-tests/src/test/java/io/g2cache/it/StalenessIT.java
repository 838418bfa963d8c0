package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How old the local hits of a node are whose way to the broker is cut, hangs, is slow, or ends in a stopped broker. A writer
 * with a way of its own counts a row up and invalidates it after each change; the reader looks at the age of what it gets:
 * when was the row changed that it does not know of yet? What a thread does not get of the processor in time is measured
 * beside it.
 */
@Tag("slow")
class StalenessIT {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final int MOST_CHANGES = 1 << 20;

    private final String namespace = "stale-" + UUID.randomUUID();
    private final TcpProxy proxy = TcpProxy.open();
    private final List<G2Node> nodes = new ArrayList<>();
    private final AtomicLong row = new AtomicLong();
    /** When each value was superseded, and its invalidation acknowledged, in nanoseconds. */
    private final AtomicLongArray supersededNanos = new AtomicLongArray(MOST_CHANGES);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong oldestNanos = new AtomicLong();
    private final AtomicLong longestPauseNanos = new AtomicLong();
    private final AtomicLong localHitsWhileBroken = new AtomicLong();
    private KafkaBroker broker;
    private Thread writer;
    private Thread reader;

    @BeforeEach
    void start() {
        broker = KafkaBroker.builder().proxyPort(proxy.port()).start();
        proxy.target(broker.proxiedPort());
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.close(Duration.ofSeconds(5)));
        broker.close();
        proxy.close();
    }

    private G2Cache<String, String> open(String bootstrapServers) {
        G2Node node = G2Node.builder()
                .namespace(namespace)
                .maxStaleness(LIMIT)
                .sync(Rig.kafka(bootstrapServers))
                .build();
        nodes.add(node);
        return node.cache(
                Rig.text("rows").loader(key -> Long.toString(row.get())).build());
    }

    private void measure(Trouble trouble, boolean writerGoesOn, boolean getsStale) throws Exception {
        G2Cache<String, String> writing = open(broker.bootstrapServers());
        G2Cache<String, String> reading = open("127.0.0.1:" + proxy.port());
        writer = new Thread(() -> write(writing, writerGoesOn), "writer");
        reader = new Thread(() -> read(reading), "reader");
        writer.start();
        reader.start();
        TimeUnit.SECONDS.sleep(2);
        long before = reading.stats().localHits();
        trouble.begins();
        TimeUnit.MILLISECONDS.sleep(LIMIT.toMillis() * 2);
        if (getsStale) {
            await().atMost(LONGEST).until(() -> nodes.get(1).status().state() == NodeState.STALE);
            long stale = reading.stats().localHits();
            TimeUnit.MILLISECONDS.sleep(500);
            localHitsWhileBroken.set(reading.stats().localHits() - stale);
        }
        trouble.ends();
        await().atMost(LONGEST).until(() -> nodes.get(1).status().state() == NodeState.READY);
        TimeUnit.SECONDS.sleep(1);
        stopped.set(true);
        writer.join(LONGEST.toMillis());
        reader.join(LONGEST.toMillis());

        assertThat(before).isPositive();
        assertThat(localHitsWhileBroken).hasValue(0);
        assertThat(oldestNanos.get())
                .as("age of the oldest local hit, pause=%s", longestPauseNanos)
                .isLessThanOrEqualTo(LIMIT.toNanos() + longestPauseNanos.get());
    }

    /** Something that goes wrong for a while. */
    private interface Trouble {
        void begins() throws Exception;

        void ends() throws Exception;
    }

    private void write(G2Cache<String, String> cache, boolean goesOn) {
        while (!stopped.get() && row.get() < MOST_CHANGES - 2) {
            long old = row.getAndIncrement();
            try {
                cache.invalidate("row");
            } catch (io.g2cache.G2CacheException e) {
                if (goesOn) {
                    throw e;
                }
                continue;
            }
            supersededNanos.set((int) old, System.nanoTime());
            pause(2);
        }
    }

    /** Only what the local tier gave is judged: its age is that of the acknowledged change that it does not show. */
    private void read(G2Cache<String, String> cache) {
        long last = System.nanoTime();
        while (!stopped.get()) {
            long before = System.nanoTime();
            longestPauseNanos.accumulateAndGet(before - last, Math::max);
            last = before;
            String found = cache.get("row");
            long superseded = supersededNanos.get(Integer.parseInt(found));
            if (superseded != 0 && superseded < before) {
                oldestNanos.accumulateAndGet(before - superseded, Math::max);
            }
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aConnectionThatHangs() throws Exception {
        measure(proxyTrouble(proxy::hang), true, true);
    }

    @Test
    void aConnectionThatIsCut() throws Exception {
        measure(proxyTrouble(proxy::cut), true, true);
    }

    @Test
    void aConnectionThatIsSlow() throws Exception {
        measure(proxyTrouble(() -> proxy.delay(LIMIT.multipliedBy(3))), true, true);
    }

    private Trouble proxyTrouble(Runnable begins) {
        return new Trouble() {
            @Override
            public void begins() {
                begins.run();
            }

            @Override
            public void ends() {
                proxy.delay(Duration.ZERO);
            }
        };
    }

    @Test
    void aBrokerThatIsStopped() throws Exception {
        measure(
                new Trouble() {
                    @Override
                    public void begins() {
                        broker.suspend();
                    }

                    @Override
                    public void ends() {
                        broker.resume();
                    }
                },
                false,
                true);
    }

    /** Its threads get too little of the processor; it may or may not become stale by that. */
    @Test
    void aNodeThatIsStarved() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        measure(
                new Trouble() {
                    @Override
                    public void begins() {
                        for (int i = 0; i < 24; i++) {
                            Thread spinning = new Thread(
                                    () -> {
                                        while (busy.get()) {
                                            Thread.onSpinWait();
                                        }
                                    },
                                    "busy-" + i);
                            spinning.setDaemon(true);
                            spinning.start();
                        }
                    }

                    @Override
                    public void ends() {
                        busy.set(false);
                    }
                },
                true,
                false);
    }
}
