package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.testkit.FakeTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The thread of what waits for the producer. */
class BacklogTest {
    private static final long DEADLINE_SECONDS = 20;

    private static Backlog backlog(String name, Duration idle) {
        return new Backlog(name, Duration.ofSeconds(2).toNanos(), 1_000, idle, new FakeTime(0));
    }

    /** Tells which thread has sent it. */
    private static final class Append implements Backlog.Waiting {
        private final CompletableFuture<Thread> sent = new CompletableFuture<>();

        @Override
        public int bytes() {
            return 10;
        }

        @Override
        public boolean trySend() {
            sent.complete(Thread.currentThread());
            return true;
        }

        @Override
        public void giveUp(String why) {
            sent.completeExceptionally(new IllegalStateException(why));
        }
    }

    private static Thread sentBy(Backlog backlog) throws Exception {
        Append append = new Append();
        backlog.add(append);
        return append.sent.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean ends(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        return !thread.isAlive();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    @Test
    void thereIsAThreadOnlyWhileSomethingWaits() throws Exception {
        try (Backlog backlog = backlog("backlog-idle", Duration.ofMillis(1))) {
            assertThat(threads("backlog-idle")).isZero();
            Thread first = sentBy(backlog);
            assertThat(first.getName()).isEqualTo("backlog-idle");
            assertThat(first.isDaemon()).isTrue();
            assertThat(ends(first)).isTrue();
            assertThat(backlog.isEmpty()).isTrue();
            Thread second = sentBy(backlog);
            assertThat(second).isNotSameAs(first);
            assertThat(ends(second)).isTrue();
        }
    }

    @Test
    void oneThreadSendsWhatComesInTimeAndEndsAtTheClose() throws Exception {
        Backlog backlog = backlog("backlog-busy", Duration.ofMinutes(10));
        Thread first = sentBy(backlog);
        assertThat(sentBy(backlog)).isSameAs(first);
        assertThat(threads("backlog-busy")).isEqualTo(1);
        backlog.close();
        assertThat(ends(first)).isTrue();
        Append late = new Append();
        backlog.add(late);
        assertThat(late.sent).isCompletedExceptionally();
        assertThat(threads("backlog-busy")).isZero();
    }
}
