package io.g2cache.internal.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue on the disk: records are appended to the newest segment, and segments that were sent are deleted. What a force
 * has covered survives the machine, what was written survives the process.
 *
 * <p>Concurrency: thread-safe. The monitor guards the segments. Forcing has a lock of its own, taken first, so that one force
 * serves all who wait for it and appending goes on meanwhile.
 */
public final class QueueFiles implements AutoCloseable {
    private static final int SEGMENT_BYTES = 4 << 20;

    private final QueueDirectory directory;
    private final HeadFile head;
    private final boolean forces;
    private final Recovered recovered;
    private final Object forcing = new Object();
    /** Written to since the last force; the last one may be the tail. */
    private final List<FileChannel> unforced = new ArrayList<>();

    private @Nullable FileChannel tail;
    private Position end;
    private long oldest;
    private Position forced;
    private Position lost;
    private long bytes;
    private boolean closed;

    private QueueFiles(QueueDirectory directory, HeadFile head, boolean forces, Recovered recovered) {
        this.directory = directory;
        this.head = head;
        this.forces = forces;
        this.recovered = recovered;
        this.end = new Position(recovered.lastSegment(), Integer.MAX_VALUE);
        this.oldest = recovered.firstSegment();
        this.forced = end;
        this.lost = end;
        this.bytes = recovered.bytes();
    }

    /**
     * Opens a queue, and reads what it holds.
     *
     * @param forces whether {@link #force} waits for the disk
     * @throws IOException if the directory is in use, or the file system fails
     */
    public static QueueFiles open(Path path, boolean forces) throws IOException {
        QueueDirectory directory = QueueDirectory.open(path);
        HeadFile head = null;
        QueueFiles opened = null;
        try {
            head = HeadFile.open(directory.head());
            opened = new QueueFiles(directory, head, forces, Recovered.read(directory, head.head(), forces));
            return opened;
        } finally {
            if (opened == null) {
                if (head != null) {
                    head.close();
                }
                directory.close();
            }
        }
    }

    /** What was there when the queue was opened. */
    public Recovered recovered() {
        return recovered;
    }

    /** The bytes that an event will take. */
    public static int size(QueuedEvent event) {
        return RecordFormat.size(event);
    }

    /** Bytes in all segments. */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * Appends a record; {@link #force} with what is returned makes it durable.
     *
     * @throws IOException if the file system fails; nothing was appended then, or only something that cannot be read
     */
    public synchronized Position append(QueuedEvent event) throws IOException {
        requireOpen();
        FileChannel channel = tail;
        if (channel == null || end.offset() >= SEGMENT_BYTES) {
            channel = newSegment();
        }
        var record = RecordFormat.encode(event, end);
        int size = record.remaining();
        try {
            QueueDirectory.writeFully(channel, record, end.offset());
        } catch (IOException e) {
            tail = null;
            channel.truncate(end.offset());
            tail = channel;
            throw e;
        }
        end = new Position(end.segment(), end.offset() + size);
        bytes += size;
        return end;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the queue is closed, directory=" + directory.path());
        }
    }

    private FileChannel newSegment() throws IOException {
        tail = null;
        long number = end.segment() + 1;
        FileChannel channel = QueueDirectory.openFile(directory.segment(number));
        end = new Position(number, 0);
        tail = channel;
        unforced.add(channel);
        return channel;
    }

    /**
     * Waits until everything before the position is on the disk.
     *
     * @throws IOException if the disk fails; what was not forced before may be there or not
     */
    public void force(Position upTo) throws IOException {
        synchronized (forcing) {
            if (forced.compareTo(upTo) >= 0) {
                if (lost.compareTo(upTo) >= 0 && upTo.segment() > recovered.lastSegment()) {
                    throw new IOException("an earlier write to directory=" + directory.path() + " may be lost");
                }
                return;
            }
            List<FileChannel> channels;
            Position now;
            boolean isNew;
            synchronized (this) {
                channels = List.copyOf(unforced);
                unforced.removeIf(channel -> channel != tail);
                now = end;
                isNew = end.segment() > forced.segment();
            }
            boolean done = false;
            try {
                force(channels, isNew);
                done = true;
            } finally {
                forced = now;
                if (!done) {
                    lost = now;
                    giveUpTail();
                }
            }
        }
    }

    private void force(List<FileChannel> channels, boolean isNew) throws IOException {
        try {
            if (forces) {
                for (FileChannel channel : channels) {
                    channel.force(false);
                }
                if (isNew) {
                    directory.force();
                }
            }
        } finally {
            for (FileChannel channel : channels) {
                closeUnlessTail(channel);
            }
        }
    }

    private synchronized void closeUnlessTail(FileChannel channel) throws IOException {
        if (channel != tail) {
            channel.close();
        }
    }

    /** What follows goes to a new segment. */
    private synchronized void giveUpTail() {
        tail = null;
    }

    /** Everything before the position was sent; segments that are done with are deleted. */
    public synchronized void sent(Position upTo) throws IOException {
        requireOpen();
        head.move(upTo);
        boolean all = upTo.equals(end) && end.offset() > SEGMENT_BYTES / 2;
        long until = all ? upTo.segment() + 1 : upTo.segment();
        if (all) {
            tail = null;
        }
        for (; oldest < until; oldest++) {
            Path segment = directory.segment(oldest);
            bytes -= Files.exists(segment) ? Files.size(segment) : 0;
            Files.deleteIfExists(segment);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (forcing) {
            synchronized (this) {
                closed = true;
                tail = null;
                for (FileChannel channel : unforced) {
                    channel.close();
                }
                unforced.clear();
                head.close();
                directory.close();
            }
        }
    }
}
