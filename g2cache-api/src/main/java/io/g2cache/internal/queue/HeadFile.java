package io.g2cache.internal.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * How far the queue has been sent: two slots, written in turn, so that one is whole at any moment.
 *
 * <pre>
 *  0             8           16         20
 * +-------------+-----------+----------+--------+
 * | write count | segment   | offset   | CRC32C |   twice
 * +-------------+-----------+----------+--------+
 * </pre>
 *
 * It is not forced to the disk: with an older head, some invalidations are sent twice. Not thread-safe.
 */
final class HeadFile implements AutoCloseable {
    private static final int SLOT_BYTES = 24;
    private static final int CRC_AT = 20;

    private final FileChannel channel;
    private Position head = new Position(0, 0);
    private long count;

    private HeadFile(FileChannel channel) {
        this.channel = channel;
    }

    static HeadFile open(Path path) throws IOException {
        HeadFile file = new HeadFile(QueueDirectory.openFile(path));
        file.read();
        return file;
    }

    private void read() throws IOException {
        ByteBuffer slots = ByteBuffer.allocate(2 * SLOT_BYTES);
        while (slots.hasRemaining() && channel.read(slots, slots.position()) > 0) {
            // until the end
        }
        for (int at = 0; at + SLOT_BYTES <= slots.position(); at += SLOT_BYTES) {
            long written = slots.getLong(at);
            if (written > count && crc(slots, at) == slots.getInt(at + CRC_AT)) {
                count = written;
                head = new Position(slots.getLong(at + 8), slots.getInt(at + 16));
            }
        }
    }

    private static int crc(ByteBuffer slots, int at) {
        CRC32C crc = new CRC32C();
        crc.update(slots.slice(at, CRC_AT));
        return (int) crc.getValue();
    }

    /** Everything before this was sent. */
    Position head() {
        return head;
    }

    void move(Position to) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        slot.putLong(++count).putLong(to.segment()).putInt(to.offset());
        slot.putInt(crc(slot, 0)).flip();
        QueueDirectory.writeFully(channel, slot, count % 2 * SLOT_BYTES);
        head = to;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
