package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.ManualExecutor;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A read that accepts an out-tier value in the very moment in which this node's own invalidation is taken in. */
final class OwnWriteRaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicReference<Runnable> atClock = new AtomicReference<>();
    private final AtomicReference<Runnable> atDecode = new AtomicReference<>();
    private final MemoryOut.Store store = new MemoryOut.Store();
    private final MemoryLog.Broker broker = new MemoryLog.Broker(1);
    private final ManualExecutor executor = new ManualExecutor();
    private long database;

    private static void run(AtomicReference<Runnable> hook) {
        Runnable armed = hook.getAndSet(null);
        if (armed != null) {
            armed.run();
        }
    }

    private final TimeSource time = new TimeSource() {
        @Override
        public long wallMillis() {
            return TimeSource.SYSTEM.wallMillis();
        }

        @Override
        public long monotonicNanos() {
            run(atClock);
            return 0;
        }
    };

    private final Codec<Long> values = new Codec<>() {
        @Override
        public String id() {
            return "slow";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Long value) {
            return Codecs.int64().encode(value);
        }

        @Override
        public Long decode(ByteBuffer view) {
            run(atDecode);
            return Codecs.int64().decode(view);
        }
    };

    @Test
    void aReadAfterTheInvalidationDoesNotJoinIt() throws InterruptedException {
        CacheSpec<String, Long> spec = CacheSpec.builder("c", Codecs.string(), values)
                .loader(key -> database)
                .build();
        try (G2Node other = G2Node.builder()
                .local(new MemoryLocal())
                .out(new MemoryOut(store))
                .sync(new MemoryLog(broker))
                .build()) {
            other.cache(spec).get("key");
        }
        try (G2Node node = startedByHand()) {
            G2Cache<String, Long> cache = node.cache(spec);
            executor.runAll();

            CountDownLatch decoding = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                var unused = cache.getAsync("key");
                executor.runAll();
            });
            database = 1;
            CompletableFuture<?> write = cache.invalidateAsync("key");
            atClock.set(() -> {
                atDecode.set(() -> {
                    decoding.countDown();
                    await(goOn);
                });
                reader.start();
                await(decoding);
            });
            executor.runAll();
            assertThat(write).isCompleted();

            CompletableFuture<Long> read = cache.getAsync("key");
            goOn.countDown();
            reader.join(PATIENCE.toMillis());
            executor.runAll();

            assertThat(read.join()).isEqualTo(1);
        }
    }

    /** Its tailer stands still once it has started, so that its own acknowledgement is all it hears. */
    private G2Node startedByHand() {
        return StillNode.start(store, broker, executor, time);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
