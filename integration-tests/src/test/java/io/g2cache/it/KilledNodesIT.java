package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a persistent local tier is killed at random moments, while it writes and while another node does, and started
 * again: what it serves is never older than what was acknowledged before its cache was opened.
 */
class KilledNodesIT {
    private static final String SEED = "g2cache.kills.seed";

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @TempDir
    Path directory;

    private final String namespace = "kills-" + UUID.randomUUID();
    private final long seed = Long.getLong(SEED, System.nanoTime());
    private final Random random = new Random(seed);
    private int warm;
    private int cold;

    @Test
    void servesNothingStaleAfterTwelveKills() throws Exception {
        rounds(12);
    }

    @Test
    @Tag("nightly")
    void servesNothingStaleAfterTwoHundredKills() throws Exception {
        rounds(200);
    }

    private void rounds(int count) throws Exception {
        Truth truth = new Truth(directory.resolve("truth"), NodeToKill.KEYS);
        try (Rig rig = new Rig(false, false, BROKER.bootstrapServers()).audited();
                G2Node node = rig.builder().namespace(namespace).build()) {
            G2Cache<String, Long> cache = node.cache(NodeToKill.spec());
            Thread writer = new Thread(() -> writeUntilInterrupted(truth, cache));
            writer.start();
            try {
                for (int round = 0; round < count; round++) {
                    round(round);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
                }
            } finally {
                writer.interrupt();
                writer.join();
            }
            assertThat(cache.stats().counter("audit_checked")).isPositive();
            assertThat(cache.stats().counter("audit_difference")).isZero();
        }
        assertThat(cold).as("cold starts, %s=%s", SEED, seed).isZero();
        assertThat(warm).as("warm starts, %s=%s", SEED, seed).isGreaterThan(count / 2);
    }

    /** Every fourth key is the parent's, whose own auditor looks at what it reads. */
    private void writeUntilInterrupted(Truth truth, G2Cache<String, Long> cache) {
        Random keys = new Random(seed);
        while (!Thread.currentThread().isInterrupted()) {
            int key = keys.nextInt(NodeToKill.KEYS / 4) * 4;
            long row = truth.update(key);
            if (keys.nextInt(4) == 0) {
                cache.invalidateTag(NodeToKill.tag(Truth.key(key)));
            } else {
                cache.invalidate(Truth.key(key));
            }
            truth.acknowledge(key, row);
            assertThat(cache.get(Truth.key(key), k -> truth.read(key))).isNotNull();
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Most rounds kill a node at work; some kill it while it starts, and some close it. */
    private void round(int round) throws Exception {
        try (Child child = start(round)) {
            if (round % 5 == 3) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(2_500));
                return;
            }
            String found = child.line("round=" + round);
            if (!found.startsWith("VERIFIED ")) {
                fail(SEED + "=" + seed + " round=" + round + ": " + found);
            }
            warm += found.startsWith("VERIFIED hits=0 ") ? 0 : 1;
            cold += found.contains(" cold=0 ") ? 0 : 1;
            TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
            if (round % 5 == 4) {
                child.endInput();
                assertThat(child.line("round=" + round)).isEqualTo("CLOSED");
            }
        }
    }

    private Child start(int round) throws IOException {
        return Child.start(
                NodeToKill.class,
                BROKER.bootstrapServers(),
                namespace,
                directory.resolve("tier").toString(),
                directory.resolve("truth").toString(),
                seed + round + "");
    }
}
