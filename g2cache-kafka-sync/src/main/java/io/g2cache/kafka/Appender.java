package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.TimeSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records and tells what became of them. Thread-safe, as the producer is.
 *
 * <p>A failure that the producer reports before {@code send} returns, on the caller's thread, concerns a record that never
 * entered its buffer: nothing was written. Later, only a refusal by the broker proves that; above all, a timeout does not,
 * because the record may be on its way. A record that the producer cannot take at once waits in the {@link Backlog}, and
 * whatever is appended after it waits behind it.
 */
final class Appender implements AutoCloseable {
    /** Header with the number of the schema version, two bytes, big-endian. */
    static final String VERSION_HEADER = "g2v";

    /** Header with the number of truncations that the writer knew of, four bytes, big-endian; left out where it is none. */
    static final String TRUNCATIONS_HEADER = "g2t";

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private final Producers producers;
    private final Backlog backlog;
    private final String topic;
    private final byte[] version;
    private volatile byte @Nullable [] truncations;
    private final int connectTries;

    /**
     * Creates an appender, and its first producer.
     *
     * @param producers makes producers whose {@code max.block.ms} is {@link ClientConfigs#MAX_BLOCK_MILLIS}
     * @param longestWait how long an append may wait for metadata and buffer space
     * @param waitingBytes how much may wait for them before callers are held up
     */
    Appender(
            Supplier<Producer<byte[], byte[]>> producers,
            String topic,
            int schemaVersion,
            Duration longestWait,
            long waitingBytes,
            TimeSource time) {
        this.producers = new Producers(producers, time);
        this.backlog = new Backlog("g2cache-append-" + topic, longestWait.toNanos(), waitingBytes, time);
        this.topic = topic;
        this.version = ByteBuffer.allocate(2).putShort((short) schemaVersion).array();
        this.connectTries = 1 + (int) (longestWait.toMillis() / ClientConfigs.MAX_BLOCK_MILLIS);
    }

    /** From now on records tell that their writer knew of so many truncations of the topic. */
    void truncations(int count) {
        truncations = count == 0
                ? null
                : ByteBuffer.allocate(Integer.BYTES).putInt(count).array();
    }

    /**
     * Learns where the partitions are, so that the first append need not. Each try waits as long as the producer may block.
     *
     * @throws KafkaException if no broker answers in time
     */
    void connect() {
        for (int i = 1; ; i++) {
            try {
                int known = producers.current().partitionsFor(topic).size();
                LOG.debug("connected to topic={}, partitions={}", topic, known);
                return;
            } catch (TimeoutException e) {
                if (i >= connectTries) {
                    throw e;
                }
            }
        }
    }

    /** Appends a record. Blocks only where so much waits already that there is no room for more. */
    CompletableFuture<Long> append(int partition, EventCodec.EncodedRecord encoded) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, partition, encoded.key(), encoded.value());
        message.headers().add(VERSION_HEADER, version);
        byte[] known = truncations;
        if (known != null) {
            message.headers().add(TRUNCATIONS_HEADER, known);
        }
        Attempt attempt = new Attempt(message, partition);
        if (!backlog.isEmpty() || !attempt.trySend()) {
            backlog.add(attempt);
        }
        return attempt.result;
    }

    private SyncLogException failure(Outcome outcome, int partition, Exception cause) {
        String known = outcome == Outcome.FAILED ? "nothing was written" : "it may have been written";
        String message = "append failed, " + known + ", topic=" + topic + ", partition=" + partition + ": "
                + Denials.message(cause, "Write on topic " + topic);
        return outcome == Outcome.FAILED && (isRefusal(cause) || cause instanceof AuthenticationException)
                ? SyncLogException.refused(message, cause)
                : new SyncLogException(outcome, message, cause);
    }

    static boolean isRefusal(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidRecordException
                || e instanceof AuthorizationException;
    }

    @Override
    public void close() {
        backlog.close();
        producers.close();
    }

    /** {@code sender} and {@code failedInSend} are written by the sending thread only, and believed only when read by it. */
    private final class Attempt implements Callback, Backlog.Waiting {
        private final CompletableFuture<Long> result = new CompletableFuture<>();
        private final ProducerRecord<byte[], byte[]> message;
        private final int partition;
        private @Nullable Thread sender;
        private @Nullable Exception failedInSend;

        Attempt(ProducerRecord<byte[], byte[]> message, int partition) {
            this.message = message;
            this.partition = partition;
        }

        @Override
        public int bytes() {
            return message.key().length + message.value().length;
        }

        @Override
        public boolean trySend() {
            Producer<byte[], byte[]> producer = producers.current();
            sender = Thread.currentThread();
            failedInSend = null;
            try {
                Future<RecordMetadata> unused = producer.send(message, this);
            } catch (KafkaException | IllegalStateException e) {
                failedInSend = e;
            }
            sender = null;
            Exception e = failedInSend;
            if (e == null) {
                return true;
            }
            if (e instanceof TimeoutException) {
                return false;
            }
            result.completeExceptionally(failure(Outcome.FAILED, partition, e));
            if (Producers.isFatal(e)) {
                producers.replace(producer, e);
            }
            return true;
        }

        @Override
        public void giveUp(String why) {
            result.completeExceptionally(failure(Outcome.FAILED, partition, new TimeoutException(why)));
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception e) {
            if (e != null) {
                if (Thread.currentThread() == sender) {
                    failedInSend = e;
                } else {
                    result.completeExceptionally(
                            failure(isRefusal(e) ? Outcome.FAILED : Outcome.UNKNOWN, partition, e));
                }
            } else if (metadata == null || !metadata.hasOffset()) {
                result.completeExceptionally(failure(
                        Outcome.UNKNOWN, partition, new IllegalStateException("acknowledged without an offset")));
            } else {
                producers.succeeded();
                backlog.progress();
                result.complete(metadata.offset());
            }
        }
    }
}
