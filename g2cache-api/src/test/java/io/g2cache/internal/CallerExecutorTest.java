package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class CallerExecutorTest {
    private final ManualTime time = new ManualTime();
    private final List<Runnable> handedOver = new ArrayList<>();
    private final CallerExecutor executor = new CallerExecutor(handedOver::add);

    @Test
    void stepsRunInTheThreadThatWaits() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        executor.execute(() -> ran.complete(Thread.currentThread()));
        assertThat(executor.await(ran, 1, time)).isSameAs(Thread.currentThread());
        assertThat(handedOver).isEmpty();
    }

    @Test
    void whatIsLeftAfterTheTimeoutIsHandedOver() {
        CompletableFuture<String> never = new CompletableFuture<>();
        executor.execute(() -> {
            executor.execute(() -> never.complete("by another thread"));
            throw new IllegalStateException("a step fails");
        });
        assertThatThrownBy(() -> executor.await(never, 1, time)).isInstanceOf(IllegalStateException.class);
        assertThat(handedOver).hasSize(1);
        executor.execute(() -> {});
        assertThat(handedOver).hasSize(2);
        handedOver.get(0).run();
        assertThat(never).isCompletedWithValue("by another thread");
        assertThat(handedOver).hasSize(2);
    }

    @Test
    void theTimeThatStepsTakeThemselvesDoesNotCount() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        executor.execute(() -> {
            time.advance(Duration.ofMinutes(5));
            Thread other = new Thread(() -> executor.execute(() -> result.complete("late")));
            other.setDaemon(true);
            other.start();
        });
        assertThat(executor.await(result, Duration.ofSeconds(20).toNanos(), time))
                .isEqualTo("late");
    }

    @Test
    void theTimeoutEndsTheWaiting() {
        assertThatThrownBy(() -> executor.await(new CompletableFuture<>(), 1_000, time))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aFailureIsThrownWithItsCause() {
        IllegalStateException cause = new IllegalStateException("x");
        assertThatThrownBy(() -> executor.await(CompletableFuture.failedFuture(cause), 1, time))
                .isInstanceOf(CompletionException.class)
                .hasCause(cause);
    }

    @Test
    void anInterruptEndsTheWaitingAndHandsOver() {
        executor.execute(() -> {});
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> executor.await(new CompletableFuture<>(), 1_000_000_000, time))
                .isInstanceOf(InterruptedException.class);
        assertThat(handedOver).hasSize(1);
        assertThat(Thread.interrupted()).isFalse();
    }
}
