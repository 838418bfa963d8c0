package io.g2cache.testkit.kafka;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A lock between processes that is held until it is closed. Not for two threads of one process. */
final class LockedFile implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 300;
    private static final int POLL_MILLIS = 100;

    private final FileChannel channel;
    private final FileLock lock;

    private LockedFile(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Waits for the lock, at most five minutes.
     *
     * @throws IOException if the file cannot be written, or another process held the lock all the time
     */
    static LockedFile lock(Path file) throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            for (int waited = 0; waited < DEADLINE_SECONDS * 1000; waited += POLL_MILLIS) {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    locked = true;
                    return new LockedFile(channel, lock);
                }
                Thread.sleep(POLL_MILLIS);
            }
            throw new IOException("lock not available, lockFile=" + file + ", waitedSeconds=" + DEADLINE_SECONDS);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    boolean isValid() {
        return lock.isValid();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
