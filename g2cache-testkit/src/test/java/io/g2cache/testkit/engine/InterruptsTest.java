package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheLoader;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.LoadException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who interrupts a caller, in whose thread a load runs, does not fail those who have joined that load. */
@Timeout(60)
class InterruptsTest {
    private final Rig rig = new Rig();
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);
    private final AtomicReference<Thread> owner = new AtomicReference<>();

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
    }

    private G2Cache<String, String> cache(int maximumLoads) {
        return cache(rig.withOut(), maximumLoads);
    }

    private static G2Cache<String, String> cache(G2Node node, int maximumLoads) {
        return node.cache(
                Rig.spec().maximumLoads(maximumLoads).loadTimeout(Rig.DEADLINE).build());
    }

    private CompletableFuture<String> owner(G2Cache<String, String> cache, CacheLoader<String, String> loader) {
        return rig.start(() -> {
            owner.set(Thread.currentThread());
            try {
                return cache.get("a", loader);
            } finally {
                Thread.interrupted();
            }
        });
    }

    /** Reads that join the load. On a node whose executor runs each step at once, they have joined when this returns. */
    private List<CompletableFuture<String>> joiners(G2Cache<String, String> cache) throws InterruptedException {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<String> async = cache.getAsync("a", key -> "async");
        CompletableFuture<String> sync = rig.start(() -> {
            waiting.set(Thread.currentThread());
            return cache.get("a", key -> "sync");
        });
        AtomicReference<Thread> waitingForMany = new AtomicReference<>();
        CompletableFuture<String> bulk = rig.start(() -> {
            waitingForMany.set(Thread.currentThread());
            Map<String, String> found = cache.getAll(Set.of("a"), keys -> Map.of("a", "bulk"));
            return found.get("a");
        });
        for (AtomicReference<Thread> thread : List.of(waiting, waitingForMany)) {
            Rig.until("joined", () -> Rig.waits(thread.get()));
        }
        return List.of(async, sync, bulk);
    }

    private void interruptOwner() {
        Thread thread = owner.get();
        assertThat(thread).isNotNull();
        thread.interrupt();
    }

    private static void assertServed(List<CompletableFuture<String>> reads) throws Exception {
        for (CompletableFuture<String> read : reads) {
            assertThat(Rig.get(read)).isIn("async", "sync", "bulk");
        }
    }

    @Test
    void whoHasJoinedALoadWhoseLoaderIsInterruptedLoadsAgain() throws Exception {
        G2Cache<String, String> cache = cache(64);
        CompletableFuture<String> interrupted = owner(cache, key -> {
            inside.countDown();
            Rig.await(go);
            return "never";
        });
        Rig.await(inside);
        List<CompletableFuture<String>> joined = joiners(cache);
        interruptOwner();
        assertThat(Rig.failure(interrupted)).isInstanceOf(LoadException.class).hasMessageContaining("Interrupted");
        assertServed(joined);
    }

    @Test
    void whoHasJoinedALoadWhoseWaitForAPlaceIsInterruptedLoadsAgain() throws Exception {
        G2Cache<String, String> cache = cache(1);
        CompletableFuture<String> holder = cache.getAsync("b", key -> {
            inside.countDown();
            Rig.await(go);
            return "of b";
        });
        Rig.await(inside);
        CompletableFuture<String> interrupted = owner(cache, key -> "never");
        Rig.until("waits for a place", () -> Rig.waits(owner.get()));
        List<CompletableFuture<String>> joined = joiners(cache);
        interruptOwner();
        assertThat(Rig.failure(interrupted))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("interrupted while a load waited for a place");
        go.countDown();
        assertThat(Rig.get(holder)).isEqualTo("of b");
        assertServed(joined);
    }

    @Test
    void whoHasJoinedALoadThatFailsWithoutAnInterruptFailsWithIt() throws Exception {
        G2Cache<String, String> cache =
                cache(rig.start(rig.builder().executor(Runnable::run).out(rig.out)), 64);
        CompletableFuture<String> failing = owner(cache, key -> {
            inside.countDown();
            Rig.await(go);
            throw new IllegalStateException("the source is away");
        });
        Rig.await(inside);
        List<CompletableFuture<String>> joined = joiners(cache);
        go.countDown();
        assertThat(Rig.failure(failing)).isInstanceOf(LoadException.class);
        for (CompletableFuture<String> read : joined) {
            assertThat(Rig.failure(read))
                    .isInstanceOf(LoadException.class)
                    .hasStackTraceContaining("the source is away");
        }
    }
}
