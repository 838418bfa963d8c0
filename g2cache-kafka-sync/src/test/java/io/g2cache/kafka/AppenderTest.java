package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
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
    private static final EventCodec.EncodedRecord RECORD = new EventCodec.EncodedRecord(new byte[] {1}, new byte[] {2});

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Appender appender = new Appender(producer, "topic", 3);

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
        producer.sendException = new TimeoutException("no metadata");
        assertThat(outcome(appender.append(0, RECORD))).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aCallbackInsideSendConcernsARecordThatNeverLeft() {
        // this is how the real producer reports that it got no metadata or buffer space in time
        MockProducer<byte[], byte[]> refusing =
                new MockProducer<>(Cluster.empty(), false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> message, Callback callback) {
                        TimeoutException error = new TimeoutException("no metadata");
                        callback.onCompletion(null, error);
                        return CompletableFuture.failedFuture(error);
                    }
                };
        assertThat(outcome(new Appender(refusing, "topic", 1).append(0, RECORD)))
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void appendsAfterCloseFail() {
        appender.close();
        appender.close();
        assertThat(outcome(appender.append(0, RECORD))).isEqualTo(Outcome.FAILED);
    }
}
