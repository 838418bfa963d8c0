package io.g2cache.testkit.engine;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.FakeTime;
import io.g2cache.testkit.Faults;
import io.g2cache.testkit.FaultyLog;
import io.g2cache.testkit.FaultyOut;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One deployment on fake time, with faults to inject, and threads with deadlines. Used by one test. */
final class Rig implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final long NOW = 1_700_000_000_000L;

    final FakeTime time = new FakeTime(NOW);
    final MemoryOut.Store store = new MemoryOut.Store();
    final MemoryLog.Broker broker;
    final Faults<OutFault> outFaults = new Faults<>(1);
    final Faults<LogFault> logFaults = new Faults<>(1);
    final FaultyOut out = new FaultyOut(new MemoryOut(store), outFaults);
    final FaultyLog log;
    private final List<G2Node> nodes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "rig");
        thread.setDaemon(true);
        return thread;
    });

    Rig() {
        this(1);
    }

    Rig(int partitions) {
        broker = new MemoryLog.Broker(partitions);
        log = new FaultyLog(new MemoryLog(broker), logFaults);
    }

    /** A builder on the rig's time, without modules. Time that a test moves makes nothing stale unless it asks for that. */
    G2NodeBuilder builder() {
        return G2Node.builder()
                .timeSource(time)
                .startTimeout(Duration.ofSeconds(10))
                .maxStaleness(Duration.ofDays(3650));
    }

    G2Node start(G2NodeBuilder builder) {
        G2Node node = builder.build();
        nodes.add(node);
        return node;
    }

    /** A node without modules. */
    G2Node alone() {
        return start(builder());
    }

    /** A node with the faulty out tier. */
    G2Node withOut() {
        return start(builder().out(out));
    }

    /** A node with the faulty log. */
    G2Node withLog() {
        return start(builder().sync(log));
    }

    /** A node with both. */
    G2Node withAll() {
        return start(builder().out(out).sync(log));
    }

    /** Another node of the deployment, without faults. */
    G2Node peer() {
        return start(builder().out(new MemoryOut(store)).sync(new MemoryLog(broker)));
    }

    static CacheSpecBuilder<String, String> spec() {
        return named("cities");
    }

    static CacheSpecBuilder<String, String> named(String name) {
        return CacheSpec.builder(name, Codecs.string(), Codecs.string());
    }

    static G2Cache<String, String> cache(G2Node node) {
        return node.cache(spec().build());
    }

    /** Runs a task on a thread of the rig's. */
    <T extends @Nullable Object> CompletableFuture<T> start(Call<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Future<?> unused = threads.submit(() -> {
            try {
                result.complete(call.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Something to run. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws Exception;
    }

    /** The result; a failure is thrown as an {@link ExecutionException}. */
    static <T extends @Nullable Object> T get(Future<T> future) throws Exception {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + DEADLINE, e);
        }
    }

    /** What a future has failed with. */
    static Throwable failure(Future<?> future) throws Exception {
        try {
            Object value = get(future);
            throw new AssertionError("did not fail, but gave " + value);
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not counted down within " + DEADLINE);
        }
    }

    /** Looks again and again, with a deadline, until the condition holds. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
            boolean unused = never.await(2, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether a thread, if there is one yet, waits with a deadline, as calls do for a load or a place. */
    static boolean waits(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    /** Threads whose name has the text, such as a node's id. */
    static List<String> threads(String text) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(text))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.close(Duration.ofSeconds(5)));
        threads.shutdownNow();
    }
}
