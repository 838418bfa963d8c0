package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.WriteToken;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same races with the nodes' own threads: readers, writers and a clear at once, many rounds on the same nodes. */
final class ThreadedRacesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void loadsRacingWithInvalidationsAndClearsLeaveNothingStale() throws Exception {
        rounds(120, false);
    }

    @Test
    void publishedLoadsRacingWithInvalidationsLeaveNothingStale() throws Exception {
        rounds(60, true);
    }

    @Test
    @Tag("nightly")
    void thousandsOfRoundsLeaveNothingStale() throws Exception {
        rounds(20_000, false);
        rounds(20_000, true);
    }

    private static void rounds(int count, boolean publishLoads) throws Exception {
        long seed = System.nanoTime();
        Settings settings = Settings.withThreads(seed).with(spec -> spec.publishLoads(publishLoads));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TwoNodes nodes = new TwoNodes(settings)) {
            Random random = new Random(seed);
            for (int round = 0; round < count; round++) {
                for (TestNode node : nodes.nodes()) {
                    node.outFaults().rate(OutFault.EVICT, 0.05).rate(OutFault.LEASE_LOST, 0.1);
                    node.outFaults().rate(OutFault.TIMEOUT_APPLIED, 0.05).rate(OutFault.FAILED, 0.05);
                }
                race(nodes, threads, "key-" + random.nextInt(3), round);
                nodes.atRest();
                awaitNoStale(nodes);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(TwoNodes nodes, ExecutorService threads, String key, int round) throws Exception {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            G2Cache<String, Long> cache = nodes.node(i % 2).cache();
            G2Cache<String, Long> other = nodes.node((i + 1) % 2).cache();
            boolean writes = i < 2;
            tasks.add(() -> {
                start.await(20, TimeUnit.SECONDS);
                for (int n = 0; n < 5; n++) {
                    if (writes) {
                        long atLeast = nodes.database().update(key);
                        WriteToken token = round % 10 == 0 ? cache.clear() : cache.invalidate(key);
                        assertThat(cache.get(key)).as("on the same node").isGreaterThanOrEqualTo(atLeast);
                        assertThat(other.get(key, token, PATIENCE))
                                .as("with a token on the other node")
                                .isGreaterThanOrEqualTo(atLeast);
                    } else {
                        cache.get(key);
                    }
                }
                return null;
            });
        }
        List<Future<Void>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(threads.submit(task)));
        for (Future<Void> task : running) {
            task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** What a node mends behind its callers' backs may still be under way. */
    private static void awaitNoStale(TwoNodes nodes) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (true) {
            try {
                nodes.assertNoStale();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.yield();
            }
        }
    }
}
