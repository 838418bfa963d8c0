package io.g2cache.testkit;

import static io.g2cache.testkit.OutTier.key;
import static io.g2cache.testkit.OutTier.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FakesTest {
    @Test
    void timeMovesOnlyWhenToldTo() {
        FakeTime time = new FakeTime(1_000);
        time.advance(Duration.ofNanos(2_500_000));
        assertThat(time.wallMillis()).isEqualTo(1_002);
        assertThat(time.monotonicNanos()).isEqualTo(2_500_000);
        time.wallMillis(5);
        time.suspend(Duration.ofSeconds(1));
        assertThat(time.wallMillis()).isEqualTo(1_005);
        assertThat(time.monotonicMillis()).isEqualTo(2);
        assertThatThrownBy(() -> time.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.001S");
    }

    @Test
    void tasksRunWhenToldToAndInOrder() {
        ManualExecutor executor = new ManualExecutor();
        List<Integer> ran = new ArrayList<>();
        executor.execute(() -> {
            ran.add(1);
            executor.execute(() -> ran.add(3));
        });
        executor.execute(() -> ran.add(2));
        assertThat(ran).isEmpty();
        assertThat(executor.waiting()).isEqualTo(2);
        assertThat(executor.runNext()).isTrue();
        assertThat(ran).containsExactly(1);
        assertThat(executor.runAll()).isEqualTo(2);
        assertThat(ran).containsExactly(1, 2, 3);
        assertThat(executor.runNext()).isFalse();
    }

    @Test
    void tasksRunInTheOrderOfASeed() {
        ManualExecutor executor = new ManualExecutor();
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            executor.execute(() -> ran.add(number));
        }
        Random random = new Random(1);
        int runs = 0;
        while (executor.runAny(random)) {
            runs++;
        }
        assertThat(runs).isEqualTo(20);
        assertThat(ran)
                .doesNotHaveDuplicates()
                .isNotEqualTo(ran.stream().sorted().toList());
    }

    @Test
    void aFullExecutorRefuses() {
        ManualExecutor executor = new ManualExecutor();
        executor.capacity(1);
        executor.execute(() -> {});
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("capacity=1");
        executor.runAll();
        executor.execute(() -> {});
        assertThat(executor.waiting()).isEqualTo(1);
    }

    @Test
    void leasesAndGarbageOfTheMemoryTierEndWithTime() {
        FakeTime time = new FakeTime(0);
        MemoryOut provider = new MemoryOut(new MemoryOut.Store());
        OutTier out = new OutTier(
                provider.open(new OutContext("fakes", "contract", "g1", Duration.ofMinutes(10), Runnable::run, time)));
        OutSlot lease = out.lease(key("a"));
        out.apply(key("b"), value(5, "five"));
        time.advance(MemoryOutCache.LEASE_LIFE.minusMillis(1));
        assertThat(out.read(key("a")).kind()).isEqualTo(OutSlot.Kind.LEASE);
        time.advance(Duration.ofMillis(1));
        assertThat(out.read(key("a"))).isEqualTo(OutSlot.EMPTY);
        assertThat(out.fill(key("a"), lease, value(5, "late"))).isFalse();
        assertThat(out.read(key("b")).version()).isEqualTo(5);
        time.advance(Duration.ofMinutes(10));
        assertThat(out.read(key("b"))).isEqualTo(OutSlot.EMPTY);
    }
}
