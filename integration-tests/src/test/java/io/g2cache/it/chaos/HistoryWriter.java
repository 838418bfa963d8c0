package io.g2cache.it.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends lines to the history of one run of a process, each by one call of the system, so that what was written outlives the
 * process. Thread-safe: a channel in append mode writes one buffer at a time.
 */
final class HistoryWriter implements AutoCloseable {
    private final FileChannel file;

    /** Opens the file, which is made if it is not there. */
    HistoryWriter(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void write(Operation operation) {
        append(operation.line());
    }

    void write(Sample sample) {
        append(sample.line());
    }

    private void append(String line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
