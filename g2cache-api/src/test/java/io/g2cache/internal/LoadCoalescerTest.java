package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.LoadException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadCoalescerTest {
    private static final Duration MAX_STALENESS = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final EncodedKey key = new KeySpace("cities", 1).key(new byte[] {1});
    private final ServingGate gate = new ServingGate(MAX_STALENESS);
    private final LoadCoalescer<String> coalescer =
            new LoadCoalescer<>(time, new FailedLoads(time, Duration.ZERO), gate);

    @Test
    void aDetachedLoadIsNotJoinedButStillEnds() {
        KeyLoad<String> first = coalescer.join(key).load();
        assertThat(coalescer.join(key).load()).isSameAs(first);
        assertThat(coalescer.tryStart(key)).isNull();
        coalescer.detach(key);
        assertThat(coalescer.isLoading(key)).isFalse();
        KeyLoad<String> second = coalescer.join(key).load();
        assertThat(second).isNotSameAs(first);
        coalescer.complete(first, new Found<>("first", null));
        assertThat(coalescer.join(key).load()).isSameAs(second);
        coalescer.detachAll();
        assertThat(coalescer.isLoading(key)).isFalse();
        time.advance(Duration.ofSeconds(2));
        coalescer.expire(Duration.ofSeconds(2).toNanos());
        assertThat(second.result()).isNotDone();
        coalescer.expire(Duration.ofSeconds(1).toNanos());
        assertThat(second.result()).isCompletedExceptionally();
        assertThat(coalescer.active()).isZero();
        assertThat(second.resultFor(new CallerExecutor(Runnable::run))).isNotDone();
        coalescer.complete(second, new Found<>("second", null));
        assertThat(second.resultFor(new CallerExecutor(Runnable::run)).join().value())
                .isEqualTo("second");
    }

    @Test
    void aLoadKnowsItsOwnThread() {
        KeyLoad<String> load = coalescer.join(key).load();
        load.loaderRunsIn(Thread.currentThread());
        assertThatThrownBy(() -> coalescer.join(key))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining(key.toString());
        load.loaderRunsIn(null);
        assertThat(coalescer.join(key).isOwner()).isFalse();
    }

    @Test
    void anOldLoadIsNotJoinedUnlessEveryEventIsKnown() {
        KeyLoad<String> first = coalescer.join(key).load();
        time.advance(MAX_STALENESS.minusMillis(1));
        assertThat(coalescer.join(key).load()).isSameAs(first);
        time.advance(Duration.ofMillis(1));
        gate.openForever();
        assertThat(coalescer.join(key).load()).isSameAs(first);
        gate.retire();
        KeyLoad<String> second = coalescer.join(key).load();
        assertThat(second).isNotSameAs(first);
        assertThat(coalescer.join(key).load()).isSameAs(second);

        coalescer.complete(first, new Found<>("first", null));
        assertThat(coalescer.join(key).load()).isSameAs(second);
    }

    @Test
    void theAgeOfALoadCountsWhileTheMachineSleeps() {
        KeyLoad<String> first = coalescer.join(key).load();
        time.wallMillis(time.wallMillis() + MAX_STALENESS.toMillis());
        assertThat(coalescer.join(key).load()).isNotSameAs(first);
    }
}
