package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.testkit.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AppenderTest {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final EventCodec.EncodedRecord RECORD = new EventCodec.EncodedRecord(new byte[] {1}, new byte[] {2});

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final FakeTime time = new FakeTime(0);
    private final Appender appender = appender(() -> producer, 3);

    private Appender appender(Supplier<Producer<byte[], byte[]>> producers, int schemaVersion) {
        return new Appender(producers, "topic", schemaVersion, LONGEST_WAIT, 1_000, time);
    }

    @Test
    void completesWithTheOffset() {
        CompletableFuture<Long> first = appender.append(2, RECORD);
        CompletableFuture<Long> second = appender.append(2, RECORD);
        assertThat(first).isNotDone();
        producer.completeNext();
        producer.completeNext();
        assertThat(first).isCompletedWithValue(0L);
        assertThat(second).isCompletedWithValue(1L);
        ProducerRecord<byte[], byte[]> sent = producer.history().get(0);
        assertThat(sent.partition()).isEqualTo(2);
        assertThat(sent.value()).isEqualTo(RECORD.value());
        assertThat(sent.headers().lastHeader(Appender.VERSION_HEADER).value()).isEqualTo(new byte[] {0, 3});
    }

    @Test
    void recordsTellOfTruncationsWhereThereWereAny() {
        var unused = appender.append(0, RECORD);
        appender.truncations(258);
        var alsoUnused = appender.append(0, RECORD);
        assertThat(producer.history().get(0).headers().lastHeader(Appender.TRUNCATIONS_HEADER))
                .isNull();
        assertThat(producer.history()
                        .get(1)
                        .headers()
                        .lastHeader(Appender.TRUNCATIONS_HEADER)
                        .value())
                .isEqualTo(new byte[] {0, 0, 1, 2});
    }

    @Test
    void aTimeoutOfASentRecordIsUnknown() {
        assertThat(outcomeOf(new TimeoutException("expired"))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcomeOf(new NotEnoughReplicasAfterAppendException("few"))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcomeOf(new KafkaException("whatever"))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void aRefusalOfTheBrokerIsAFailure() {
        assertThat(outcomeOf(new RecordTooLargeException("big"))).isEqualTo(Outcome.FAILED);
        assertThat(outcomeOf(new TopicAuthorizationException("no"))).isEqualTo(Outcome.FAILED);
    }

    private Outcome outcomeOf(RuntimeException error) {
        CompletableFuture<Long> appended = appender.append(0, RECORD);
        producer.errorNext(error);
        return outcome(appended);
    }

    private static Outcome outcome(CompletableFuture<Long> appended) {
        assertThat(appended).isCompletedExceptionally();
        SyncLogException[] thrown = new SyncLogException[1];
        assertThatThrownBy(appended::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(SyncLogException.class, e -> thrown[0] = e)
                .hasMessageContaining("partition=0");
        return thrown[0].outcome();
    }

    @Test
    void whatFailsBeforeSendReturnsWasNeverWritten() {
        producer.sendException = new RecordTooLargeException("big");
        assertThat(outcome(appender.append(0, RECORD))).isEqualTo(Outcome.FAILED);
    }

    /** A producer that has no metadata or room at first: this is how the real one says so. */
    private static final class Busy extends MockProducer<byte[], byte[]> {
        private final boolean throwing;
        private volatile boolean isBusy = true;

        Busy(boolean throwing) {
            super(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.throwing = throwing;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
            if (!isBusy) {
                return super.send(message, callback);
            }
            TimeoutException error = new TimeoutException("no metadata");
            if (throwing) {
                throw error;
            }
            callback.onCompletion(null, error);
            return CompletableFuture.failedFuture(error);
        }
    }

    @Test
    void whatTheProducerCannotTakeYetWaitsInItsOrderAndHoldsNobodyUp() throws Exception {
        for (boolean throwing : List.of(true, false)) {
            Busy busy = new Busy(throwing);
            try (Appender waiting = appender(() -> busy, 1)) {
                List<CompletableFuture<Long>> appended = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    appended.add(waiting.append(0, record(i)));
                    if (i == 50) {
                        busy.isBusy = false;
                    }
                }
                for (int i = 0; i < 100; i++) {
                    assertThat(appended.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
                    assertThat(busy.history().get(i).key()).isEqualTo(record(i).key());
                }
            }
        }
    }

    private static EventCodec.EncodedRecord record(int i) {
        return new EventCodec.EncodedRecord(new byte[] {(byte) i}, new byte[] {2});
    }

    @Test
    void whatWaitedTooLongWasNeverWritten() throws Exception {
        Busy busy = new Busy(false);
        try (Appender waiting = appender(() -> busy, 1)) {
            CompletableFuture<Long> first = waiting.append(0, record(1));
            CompletableFuture<Long> second = waiting.append(0, record(2));
            time.advance(LONGEST_WAIT.plusMillis(1));
            for (CompletableFuture<Long> one : List.of(first, second)) {
                assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
                assertThat(outcome(one)).isEqualTo(Outcome.FAILED);
            }
            busy.isBusy = false;
            assertThat(waiting.append(0, record(3)).get(20, TimeUnit.SECONDS)).isZero();
            assertThat(busy.history()).hasSize(1);
        }
    }

    @Test
    void whatWaitsFailsWhenTheLogIsClosed() {
        Appender waiting = appender(() -> new Busy(false), 1);
        CompletableFuture<Long> append = waiting.append(0, RECORD);
        waiting.close();
        assertThat(outcome(append)).isEqualTo(Outcome.FAILED);
        assertThat(outcome(waiting.append(0, RECORD))).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aProducerThatFailedForGoodIsReplacedButNotAllTheTime() {
        List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
        try (Appender replacing = appender(
                () -> {
                    MockProducer<byte[], byte[]> next = new MockProducer<>(
                            Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
                    made.add(next);
                    return next;
                },
                1)) {
            made.get(0).sendException = new KafkaException("in an error state");
            assertThat(outcome(replacing.append(0, RECORD))).isEqualTo(Outcome.FAILED);
            assertThat(replacing.append(0, RECORD)).isCompletedWithValue(0L);
            assertThat(made).hasSize(2);
            assertThat(made.get(0).closed()).isTrue();
            made.get(1).sendException = new IllegalStateException("its thread has died");
            for (int i = 0; i < 100; i++) {
                assertThat(outcome(replacing.append(0, RECORD))).isEqualTo(Outcome.FAILED);
            }
            assertThat(made).hasSize(2);
            time.advance(Duration.ofMillis(100));
            assertThat(outcome(replacing.append(0, RECORD))).isEqualTo(Outcome.FAILED);
            assertThat(made).hasSize(3);
            assertThat(replacing.append(0, RECORD)).isCompletedWithValue(0L);
        }
    }

    @Test
    void aRefusalSaysThatWaitingDoesNotHelp() {
        CompletableFuture<Long> appended = appender.append(0, RECORD);
        producer.errorNext(new TopicAuthorizationException("no"));
        assertThat(refusal(appended)).isTrue();
        appended = appender.append(0, RECORD);
        producer.errorNext(new TimeoutException("late"));
        assertThat(refusal(appended)).isFalse();
    }

    private static boolean refusal(CompletableFuture<Long> appended) {
        return appended.handle((offset, failure) -> ((SyncLogException) failure).isRefusal())
                .join();
    }

    @Test
    void appendsAfterCloseFail() {
        appender.close();
        appender.close();
        assertThat(outcome(appender.append(0, RECORD))).isEqualTo(Outcome.FAILED);
    }
}
