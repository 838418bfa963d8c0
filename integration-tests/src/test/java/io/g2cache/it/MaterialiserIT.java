package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.hazelcast.StockServer;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The out tier gets what the writers of events did not bring there: most are written by a node without an out tier, as if each
 * time their writer had died in between. Whatever becomes of the nodes, of their shares, and of the way to Hazelcast, the tier
 * holds the newest event of each key in the end, and no key of it ever goes back.
 */
@Tag("slow")
class MaterialiserIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CLUSTER = "materialiser-" + UUID.randomUUID();
    private static final int SOME = 5;
    /** A batch that was not caught is over by then. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** The sessions of the group may be short. */
    @RegisterExtension
    static final KafkaBrokerExtension BROKER =
            new KafkaBrokerExtension().property("group.min.session.timeout.ms", "1000");

    private static final int PORT = Rig.freePort();
    private static StockServer server;
    private static HazelcastOut look;

    private final String namespace = "materialiser-" + UUID.randomUUID();
    private final List<String> keys =
            IntStream.range(0, 400).mapToObj(Truth::key).toList();
    private final Map<String, Long> newest = new ConcurrentHashMap<>();
    private final AtomicLong rows = new AtomicLong();
    private final List<G2Node> nodes = new ArrayList<>();
    private TcpProxy proxy;
    /** Brings nothing to the out tier. */
    private G2Cache<String, Long> writer;

    private OutTierView tier;
    private VersionWatch watch;
    private MaterialiserGroup group;

    @BeforeAll
    static void startServer() {
        server = StockServer.cluster(CLUSTER, "", PORT).get(0);
        look = OutTierNode.throughPort(CLUSTER, PORT);
    }

    @AfterAll
    static void stopServer() {
        look.close();
        server.close();
    }

    @BeforeEach
    void begin() {
        proxy = TcpProxy.open();
        proxy.target(PORT);
        G2Node silent = G2Node.builder()
                .namespace(namespace)
                .sync(OutTierNode.log(BROKER.bootstrapServers(), "writer"))
                .build();
        nodes.add(silent);
        writer = silent.cache(OutTierNode.spec().build());
        String generation = writer.invalidate("none").generation();
        tier = new OutTierView(look, namespace, OutTierNode.CACHE, generation);
        watch = new VersionWatch(tier, keys);
        group = new MaterialiserGroup(BROKER.bootstrapServers(), namespace, generation);
    }

    @AfterEach
    void end() {
        watch.close();
        nodes.forEach(node -> node.close(Duration.ofSeconds(5)));
        group.close();
        tier.close();
        proxy.close();
    }

    private Child child(String name) throws IOException {
        return Child.start(
                OutTierNode.class, BROKER.bootstrapServers(), namespace, name, CLUSTER, String.valueOf(proxy.port()));
    }

    private G2Cache<String, Long> node(String name) {
        G2Node node = G2Node.builder()
                .namespace(namespace)
                .out(OutTierNode.throughPort(CLUSTER, proxy.port()))
                .sync(OutTierNode.log(BROKER.bootstrapServers(), name))
                .build();
        nodes.add(node);
        return node.cache(OutTierNode.spec().build());
    }

    private WriteToken write(G2Cache<String, Long> cache, String key) {
        WriteToken token = cache.put(key, rows.incrementAndGet());
        newest.merge(key, token.offsets().values().iterator().next(), Math::max);
        return token;
    }

    private void writeAll(List<String> some) {
        some.forEach(key -> write(writer, key));
    }

    private void awaitShared(String... names) {
        await().atMost(SOON).until(() -> group.isShared(names));
    }

    /** The out tier holds the newest event of every key, and that is committed. */
    private void awaitConverged() {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            assertThat(tier.versions(keys)).isEqualTo(newest);
            Map<Integer, Long> committed = group.committed();
            newest.forEach((key, version) ->
                    assertThat(committed.get(tier.key(key).partition())).isGreaterThan(version));
        });
        watch.assertNoneWentBack();
    }

    /** Waits until a node has applied some events of a batch that is not committed, and some not yet. */
    private void awaitMiddleOfBatch(String name) throws Exception {
        Set<Integer> share = group.shares().get(name);
        List<String> own = keys.stream()
                .filter(key -> share.contains(tier.key(key).partition()))
                .toList();
        AtomicLong writtenNanos = new AtomicLong(System.nanoTime());
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
            if (System.nanoTime() - writtenNanos.get() > AGAIN.toNanos()) {
                writeAll(keys);
                writtenNanos.set(System.nanoTime());
            }
            Map<Integer, Long> committed = group.committed();
            Map<String, Long> held = tier.versions(own);
            int done = 0;
            int left = 0;
            for (String key : own) {
                boolean isApplied = held.get(key).equals(newest.get(key));
                long next = committed.getOrDefault(tier.key(key).partition(), 0L);
                done += isApplied && newest.get(key) >= next ? 1 : 0;
                left += isApplied ? 0 : 1;
            }
            return done >= SOME && left >= SOME;
        });
    }

    /** The way to the out tier is slow, and a node in the middle of a batch. */
    private void beginBatch(String name) throws Exception {
        awaitShared("one", "two");
        proxy.delay(Duration.ofMillis(40));
        writeAll(keys);
        awaitMiddleOfBatch(name);
    }

    /** The other node takes over, and applies newer events as well. */
    private void awaitSurvivor(String name) {
        proxy.pass();
        writeAll(keys.subList(0, keys.size() / 2));
        awaitShared(name);
        awaitConverged();
    }

    /** One sleeps, and wakes up with a batch of old events half done when the other has applied newer ones; one is killed. */
    @Test
    void aBatchThatItsMaterialiserLeavesIsFinishedByAnother() throws Exception {
        writeAll(keys);
        try (Child one = child("one");
                Child two = child("two")) {
            assertThat(one.line("of one")).startsWith("READY");
            assertThat(two.line("of two")).startsWith("READY");
            beginBatch("one");
            one.freeze();
            awaitSurvivor("two");
            Map<Integer, Long> before = group.committed();
            one.thaw();
            beginBatch("two");
            Map<Integer, Long> after = group.committed();
            before.forEach((partition, next) -> assertThat(after.get(partition)).isGreaterThanOrEqualTo(next));
            watch.assertNoneWentBack();
            two.kill();
            awaitSurvivor("one");
        }
    }

    @Test
    void theTierConvergesWhilePartitionsMove() throws Exception {
        writeAll(keys);
        G2Cache<String, Long> one = node("one");
        node("two");
        awaitShared("one", "two");
        AtomicBoolean isOver = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !isOver.get(); i++) {
                write(i % 3 == 0 ? one : writer, keys.get(i % keys.size()));
            }
        });
        try {
            for (int round = 0; round < 2; round++) {
                G2Cache<String, Long> third = node("three");
                awaitShared("one", "two", "three");
                await().atMost(SOON).until(() -> third.stats().counter("event_materialised") > 0);
                nodes.remove(nodes.size() - 1).close(Duration.ofSeconds(5));
                awaitShared("one", "two");
                watch.assertNoneWentBack();
            }
        } finally {
            isOver.set(true);
            writing.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        awaitConverged();
    }

    @Test
    void catchesUpWhenTheTierWasAway() throws Exception {
        List<G2Cache<String, Long>> caches = List.of(node("one"), node("two"));
        keys.forEach(key -> write(caches.get(0), key));
        awaitConverged();
        proxy.hang();
        goesOn(caches, 2);
        proxy.cut();
        goesOn(caches, 40);
        writeAll(keys.subList(0, keys.size() / 2));
        assertThat(tier.versions(keys)).isNotEqualTo(newest);
        proxy.pass();
        goesOn(caches, 40);
        awaitConverged();
        assertThat(caches.get(0).stats().counter("out_failure")).isPositive();
    }

    /** Every write is seen on every node, with the out tier or without. */
    private void goesOn(List<G2Cache<String, Long>> caches, int writes) {
        for (int i = 0; i < writes; i++) {
            String key = keys.get(keys.size() - 1 - i);
            WriteToken token = write(caches.get(i % caches.size()), key);
            for (G2Cache<String, Long> cache : caches) {
                assertThat(cache.get(key, token, SOON)).isEqualTo(rows.get());
            }
        }
    }
}
