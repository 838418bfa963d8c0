package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How the materialiser drives an out tier whose calls end when the test says so. */
class MaterialiserTest {
    private static final int PARTITIONS = 2;

    private final ManualTime time = new ManualTime();
    private final ScriptedReader reader = new ScriptedReader();
    private final ScriptedOut out = new ScriptedOut();
    private final OutTiers tiers = new OutTiers(
            out, cache -> new OutContext("ns", cache, "generation", Duration.ofDays(1), Runnable::run, time));
    private final Materialiser materialiser = new Materialiser(reader, tiers, PARTITIONS, Map.of(), time);

    private static byte[] bytes(int number) {
        return ("k" + number).getBytes(StandardCharsets.UTF_8);
    }

    private static int partition(String cache, int number) {
        return new KeySpace(cache, PARTITIONS).key(bytes(number)).partition();
    }

    private void invalidate(int offset) {
        reader.events.add(new Read(partition("cities", offset), offset, invalidation(offset)));
    }

    private static Event invalidation(int number) {
        return new Event.Invalidate("cities", bytes(number), "other");
    }

    private int step() {
        return materialiser.doWork(Duration.ZERO);
    }

    @Test
    void atMost64CallsAreUnderWayAndTheCommitWaitsForAll() {
        for (int i = 0; i < 200; i++) {
            invalidate(i);
        }
        for (int ended = 0; ended < 200; ended++) {
            step();
            assertThat(out.calls).hasSize(Math.min(64, 200 - ended));
            assertThat(reader.commits).isZero();
            out.calls.remove().future.complete(null);
        }
        assertThat(step()).isEqualTo(200);
        assertThat(reader.commits).isEqualTo(1);
        assertThat(out.started).hasSize(200);
    }

    @Test
    void aTierThatAnswersAtOnceTakesABatchInOneStep() {
        out.answersAtOnce = true;
        for (int i = 0; i < 200; i++) {
            invalidate(i);
        }
        assertThat(step()).isEqualTo(200);
        assertThat(reader.commits).isEqualTo(1);
    }

    @Test
    void onlyWhatFailedIsRepeated() {
        for (int i = 0; i < 3; i++) {
            invalidate(i);
        }
        step();
        Call failing = out.calls.remove();
        failing.future.completeExceptionally(new TierException("a test"));
        out.endAll();
        assertThatThrownBy(this::step).isInstanceOf(TierException.class).hasMessageContaining("failures=1");
        assertThat(reader.commits).isZero();
        step();
        assertThat(out.calls).extracting(Call::what).containsExactly(failing.what);
        out.endAll();
        assertThat(step()).isEqualTo(3);
        assertThat(out.started).hasSize(4);
    }

    @Test
    void aKeyInTheWrongPartitionKillsThePartitionsOlderEntries() {
        out.answersAtOnce = true;
        tiers.open("cities");
        tiers.open("people");
        int wrong = 1 - partition("cities", 1);
        reader.events.add(new Read(wrong, 9, invalidation(1)));
        assertThat(step()).isEqualTo(1);
        assertThat(out.floors).containsExactlyInAnyOrderEntriesOf(Map.of("cities/" + wrong, 9L, "people/" + wrong, 9L));
    }

    @Test
    void aGapReachesTheCachesThatAreOpenedLater() {
        out.answersAtOnce = true;
        reader.events.add(new Read(0, 5, new Event.Unreadable(null, null, "a test")));
        reader.events.add(new Read(1, 7, new Event.Unreadable(null, null, "a test")));
        assertThat(step()).isEqualTo(2);
        assertThat(out.floors).isEmpty();
        tiers.open("cities");
        step();
        assertThat(out.floors).containsExactlyInAnyOrderEntriesOf(Map.of("cities/0", 5L, "cities/1", 7L));
        step();
        assertThat(out.started).hasSize(2);
    }

    @Test
    void aGapReachesACacheThatItsOwnBatchOpensBeforeTheCommit() {
        invalidate(3);
        int partition = partition("cities", 3);
        reader.events.add(new Read(partition, 4, new Event.Unreadable(null, null, "a test")));
        step();
        out.endAll();
        step();
        assertThat(reader.commits).isZero();
        step();
        out.endAll();
        step();
        assertThat(reader.commits).isEqualTo(1);
        assertThat(out.floors).containsExactly(Map.entry("cities/" + partition, 4L));
    }

    @Test
    void everyTierIsClosedAlsoWhereOneFailsTo() {
        for (String cache : List.of("a", "b", "c")) {
            tiers.open(cache);
        }
        out.failsToClose = true;
        tiers.close();
        assertThat(out.closed).containsExactlyInAnyOrder("a", "b", "c");
    }

    private record Read(int partition, long offset, Event event) {}

    private record Call(String what, CompletableFuture<Void> future) {}

    private static final class ScriptedReader implements LogReader {
        private final Queue<Read> events = new ArrayDeque<>();
        private int commits;

        @Override
        public int poll(Duration maxWait, LogHandler handler) {
            int polled = events.size();
            events.forEach(read -> handler.onEvent(read.partition, read.offset, read.event));
            events.clear();
            return polled;
        }

        @Override
        public void commit() {
            commits++;
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }

    private static final class ScriptedOut implements OutCacheProvider {
        private final Queue<Call> calls = new ArrayDeque<>();
        private final List<String> started = new ArrayList<>();
        private final Map<String, Long> floors = new HashMap<>();
        private final List<String> closed = new ArrayList<>();
        private boolean answersAtOnce;
        private boolean failsToClose;

        private CompletableFuture<Void> call(String what) {
            started.add(what);
            Call call = new Call(what, new CompletableFuture<>());
            if (answersAtOnce) {
                call.future.complete(null);
            } else {
                calls.add(call);
            }
            return call.future;
        }

        private void endAll() {
            for (Call call = calls.poll(); call != null; call = calls.poll()) {
                call.future.complete(null);
            }
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public OutCache open(OutContext context) {
            return new ScriptedCache(this, context.cache());
        }

        @Override
        public void close() {}
    }

    private record ScriptedCache(ScriptedOut out, String cache) implements OutCache {
        @Override
        public CompletableFuture<OutSlot> read(EncodedKey key) {
            return CompletableFuture.failedFuture(new TierException("not read by the materialiser"));
        }

        @Override
        public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
            return CompletableFuture.failedFuture(new TierException("not read by the materialiser"));
        }

        @Override
        public CompletableFuture<OutSlot> lease(EncodedKey key) {
            return CompletableFuture.failedFuture(new TierException("not leased by the materialiser"));
        }

        @Override
        public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
            return CompletableFuture.failedFuture(new TierException("not filled by the materialiser"));
        }

        @Override
        public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
            return out.call(cache + "@" + entry.version()).thenApply(ended -> true);
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> floors() {
            return CompletableFuture.completedFuture(Map.of());
        }

        @Override
        public CompletableFuture<Void> raiseFloor(int partition, long version) {
            out.floors.put(cache + "/" + partition, version);
            return out.call(cache + "/" + partition + "@" + version);
        }

        @Override
        public void close() {
            out.closed.add(cache);
            if (out.failsToClose) {
                throw new TierException("a test");
            }
        }
    }
}
