package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records and tells what became of them. Thread-safe, as the producer is.
 *
 * <p>A failure that the producer reports before {@code send} returns, on the caller's thread, concerns a record that never
 * entered its buffer: nothing was written. Later, only a refusal by the broker proves that; above all, a timeout does not,
 * because the record may be on its way.
 */
final class Appender implements AutoCloseable {
    /** Header with the number of the schema version, two bytes, big-endian. */
    static final String VERSION_HEADER = "g2v";

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final byte[] version;

    Appender(Producer<byte[], byte[]> producer, String topic, int schemaVersion) {
        this.producer = producer;
        this.topic = topic;
        this.version = ByteBuffer.allocate(2).putShort((short) schemaVersion).array();
    }

    /**
     * Learns where the partitions are, so that the first append need not.
     *
     * @throws KafkaException if no broker answers in time
     */
    void connect() {
        int known = producer.partitionsFor(topic).size();
        LOG.debug("connected to topic={}, partitions={}", topic, known);
    }

    /** Appends a record; may block for as long as the producer may wait for metadata and buffer space. */
    CompletableFuture<Long> append(int partition, EventCodec.EncodedRecord encoded) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, partition, encoded.key(), encoded.value());
        message.headers().add(VERSION_HEADER, version);
        Attempt attempt = new Attempt(partition);
        try {
            Future<RecordMetadata> unused = producer.send(message, attempt);
        } catch (KafkaException | IllegalStateException e) {
            attempt.result.completeExceptionally(failure(Outcome.FAILED, partition, e));
        }
        attempt.inSend = false;
        return attempt.result;
    }

    private SyncLogException failure(Outcome outcome, int partition, Exception cause) {
        String known = outcome == Outcome.FAILED ? "nothing was written" : "it may have been written";
        return new SyncLogException(
                outcome,
                "append failed, " + known + ", topic=" + topic + ", partition=" + partition + ": "
                        + Denials.message(cause, "Write on topic " + topic),
                cause);
    }

    static boolean isRefusal(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidRecordException
                || e instanceof AuthorizationException;
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    /** {@code inSend} is written by the sending thread only, and believed only when read by it. */
    private final class Attempt implements Callback {
        private final CompletableFuture<Long> result = new CompletableFuture<>();
        private final Thread sender = Thread.currentThread();
        private final int partition;
        private boolean inSend = true;

        Attempt(int partition) {
            this.partition = partition;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception e) {
            if (e != null) {
                boolean notSent = Thread.currentThread() == sender && inSend;
                result.completeExceptionally(
                        failure(notSent || isRefusal(e) ? Outcome.FAILED : Outcome.UNKNOWN, partition, e));
            } else if (metadata == null || !metadata.hasOffset()) {
                result.completeExceptionally(failure(
                        Outcome.UNKNOWN, partition, new IllegalStateException("acknowledged without an offset")));
            } else {
                result.complete(metadata.offset());
            }
        }
    }
}
