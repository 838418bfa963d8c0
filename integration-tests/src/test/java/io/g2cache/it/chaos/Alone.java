package io.g2cache.it.chaos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;

/**
 * Keeps the runs of several test JVMs apart: with the processes of two of them a small machine has ten times as many as
 * processors, and a container engine does not manage to pause a container any more. Lasts until it is closed or its JVM ends.
 * For one thread.
 */
final class Alone implements AutoCloseable {
    /** As long as a long run takes, and a half. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final FileChannel channel;

    private Alone(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the turn, a quarter of an hour at most. */
    static Alone await() throws IOException {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "g2cache-chaos.lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Awaitility.await(file + " is free").atMost(PATIENCE).until(channel::tryLock, Objects::nonNull);
        return new Alone(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
