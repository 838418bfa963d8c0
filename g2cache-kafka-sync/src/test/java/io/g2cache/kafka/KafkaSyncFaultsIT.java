package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class KafkaSyncFaultsIT {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);
    /** For threads that get no processor on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(4);

    private KafkaBroker broker;
    private SyncLog log;

    @BeforeEach
    void open() {
        broker = KafkaBroker.builder().start();
        log = KafkaSync.builder()
                .bootstrapServers(broker.bootstrapServers())
                .partitions(2)
                .requestTimeout(DEADLINE)
                .deliveryTimeout(DEADLINE)
                .build()
                .open(Logs.context(Logs.namespace()));
    }

    @AfterEach
    void close() {
        log.close();
        broker.close();
    }

    @Test
    void aStoppedBrokerLeavesAppendsUnknownWithinTheDeadline() throws Exception {
        Logs.get(log.append(0, Logs.invalidate("before")));
        broker.suspend();
        long start = System.nanoTime();
        CompletableFuture<Long> append = log.append(0, Logs.invalidate("meanwhile"));
        CompletableFuture<LogPosition> end = log.endOffsets();
        CompletableFuture<LogPosition> committed = log.committed();
        CompletableFuture<LogPosition> before = log.positionBefore(Duration.ofMinutes(1));
        assertThat(outcomeOf(append)).isEqualTo(Outcome.UNKNOWN);
        for (CompletableFuture<LogPosition> asked : List.of(end, committed, before)) {
            outcomeOf(asked);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.plus(SLACK));
        broker.resume();
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(Logs.get(log.append(0, Logs.invalidate("after"))))
                        .isPositive());
    }

    private static Outcome outcomeOf(CompletableFuture<?> future) {
        Outcome[] outcome = new Outcome[1];
        assertThatThrownBy(() -> Logs.get(future))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(SyncLogException.class, e -> outcome[0] = e.outcome());
        return outcome[0];
    }

    @Test
    void pollsReturnInTimeWhileTheBrokerIsAway() {
        try (LogReader tail = log.tail(LogPosition.all(2, 0));
                LogReader materialiser = log.materialiser()) {
            Logs.Seen seen = new Logs.Seen();
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                materialiser.poll(POLL, seen);
                return !seen.positions.isEmpty();
            });
            broker.suspend();
            for (LogReader reader : List.of(tail, materialiser)) {
                long start = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    reader.poll(POLL, seen);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(POLL.multipliedBy(10).plus(SLACK));
            }
            broker.resume();
        }
    }

    @Test
    void aTailGoesOnAfterTheBrokerWasKilled() throws Exception {
        Logs.Seen seen = new Logs.Seen();
        List<String> wanted = new ArrayList<>();
        try (LogReader tail = log.tail(LogPosition.all(2, 0))) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 50; i++) {
                    String key = round + "-" + i;
                    long offset = appendUntilKnown(i % 2, key);
                    wanted.add(i % 2 + ":" + offset + " Invalidate " + key);
                }
                if (round < 2) {
                    tail.poll(POLL, seen);
                    broker.restart();
                }
            }
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                tail.poll(POLL, seen);
                return seen.events.containsAll(wanted);
            });
        }
        assertThat(seen.events).doesNotHaveDuplicates();
        LogPosition end = Logs.get(log.endOffsets());
        assertThat(seen.positions).containsEntry(0, end.offset(0)).containsEntry(1, end.offset(1));
    }

    /** The broker may still be away for the first tries: it was restarted a moment ago. */
    private long appendUntilKnown(int partition, String key) {
        long[] offset = {-1};
        await().atMost(60, TimeUnit.SECONDS).until(() -> {
            try {
                offset[0] = Logs.get(log.append(partition, Logs.invalidate(key)));
                return true;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(SyncLogException.class);
                return false;
            }
        });
        return offset[0];
    }
}
