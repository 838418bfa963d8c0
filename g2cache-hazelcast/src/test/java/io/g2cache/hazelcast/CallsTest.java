package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Calls calls = new Calls(1);
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "engine"));

    @AfterEach
    void close() {
        calls.close();
        executor.shutdown();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void endsACallThatIsNeverAnswered() {
        Call<String> call = calls.begin("m read", SHORT, executor);
        call.answeredBy(new CompletableFuture<String>(), answer -> answer);
        assertThatThrownBy(() -> get(call.future()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TierException.class)
                .hasMessageContaining("hazelcast m read got no answer within timeoutMillis=20");
        assertThat(calls.counts()).isEqualTo(new CallCounts(1, 0, 0));
    }

    @Test
    void completesOnTheExecutor() throws Exception {
        Call<String> call = calls.begin("m read", LONG, executor);
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> thread =
                call.future().thenApply(a -> a + Thread.currentThread().getName());
        call.answeredBy(answer, a -> a + "@");
        answer.complete("x");
        assertThat(get(thread)).isEqualTo("x@engine");
        Call<String> work = calls.begin("m apply", LONG, executor);
        CompletableFuture<String> workThread =
                work.future().thenApply(a -> a + Thread.currentThread().getName());
        calls.work(work, () -> "y@");
        assertThat(get(workThread)).isEqualTo("y@engine");
    }

    @Test
    void turnsAnErrorIntoATierException() {
        Call<String> call = calls.begin("m read", LONG, executor);
        IllegalStateException cause = new IllegalStateException("broken");
        call.answeredBy(CompletableFuture.<String>failedFuture(cause), answer -> answer);
        assertThatThrownBy(() -> get(call.future()))
                .cause()
                .isInstanceOf(TierException.class)
                .hasMessageContaining("m read")
                .hasCause(cause);
        assertThat(calls.counts()).isEqualTo(new CallCounts(0, 0, 1));
    }

    @Test
    void freesTheThreadOfACallThatTimedOut() throws Exception {
        Call<String> stuck = calls.begin("m apply", SHORT, executor);
        CountDownLatch never = new CountDownLatch(1);
        calls.work(stuck, () -> {
            never.await();
            return "";
        });
        Call<String> next = calls.begin("m apply", LONG, executor);
        calls.work(next, () -> "done, interrupted=" + Thread.currentThread().isInterrupted());
        assertThat(get(next.future())).isEqualTo("done, interrupted=false");
        assertThat(stuck.future()).isCompletedExceptionally();
    }

    @Test
    void refusesWhatDoesNotFitTheQueue() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?>[] fitting = new CompletableFuture<?>[1 + Calls.MAX_WAITING];
        for (int i = 0; i < fitting.length; i++) {
            Call<Boolean> call = calls.begin("m apply", LONG, executor);
            calls.work(call, () -> release.await(20, TimeUnit.SECONDS));
            fitting[i] = call.future();
        }
        Call<Boolean> tooMuch = calls.begin("m apply", LONG, executor);
        calls.work(tooMuch, () -> true);
        assertThatThrownBy(() -> get(tooMuch.future()))
                .hasCauseInstanceOf(TierException.class)
                .hasMessageContaining("callThreads=1")
                .hasMessageContaining("waiting=1000 of 1000");
        assertThat(calls.counts()).isEqualTo(new CallCounts(0, 1, 0));
        release.countDown();
        get(CompletableFuture.allOf(fitting));
    }

    @Test
    void completesEvenIfTheExecutorRefuses() throws Exception {
        Call<String> call = calls.begin("m read", LONG, task -> {
            throw new RejectedExecutionException("full");
        });
        calls.work(call, () -> "done");
        assertThat(get(call.future())).isEqualTo("done");
    }

    @Test
    void refusesCallsOnceClosed() {
        calls.close();
        Call<String> call = calls.begin("m read", LONG, executor);
        assertThat(call.settled()).isTrue();
        assertThatThrownBy(() -> get(call.future()))
                .hasCauseInstanceOf(TierException.class)
                .hasMessageContaining("closed");
    }
}
