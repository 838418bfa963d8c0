package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.Restored;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one open tier: a map that it writes to, checkpoints, and the header that names them. Until {@link #begin} the
 * directory's header names older files or there is none, and {@link #abandon} leaves no trace.
 *
 * <p>Concurrency: the tier writes to the map by its own rules; everything else happens under this object's monitor.
 */
final class Store {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final long MOST_SECONDS_TO_FORCE = 10;

    private final StoreDirectory directory;
    private final StoreHeader header;
    private final CheckpointFile checkpoints;
    private final ChronicleMap<Long, byte[]> map;
    private volatile @Nullable Restored restored;
    private boolean begun;
    private boolean closed;

    private Store(
            StoreDirectory directory, StoreHeader header, CheckpointFile checkpoints, ChronicleMap<Long, byte[]> map) {
        this.directory = directory;
        this.header = header;
        this.checkpoints = checkpoints;
        this.map = map;
    }

    /**
     * Makes a map and a checkpoint file beside those that are still needed; what attempts that were killed have left goes.
     *
     * @param kept number of the files that the header names; 0 for none
     * @param hashSeed seed of the tier that will use them
     * @throws IOException if there is no room or the file system fails; nothing new is left behind
     */
    static Store create(
            StoreDirectory directory,
            long kept,
            LocalContext<?, ?> context,
            Geometry geometry,
            String bootId,
            long hashSeed)
            throws IOException {
        long number = directory.nextNumber();
        Seal seal = Seal.random();
        StoreHeader header =
                new StoreHeader(StoreIdentity.of(context), number, seal, hashSeed, false, bootId, geometry);
        CheckpointFile checkpoints = null;
        boolean done = false;
        try {
            directory.deleteAllBut(kept);
            requireRoom(directory, geometry.fileBytes());
            directory.create(directory.map(number));
            directory.create(directory.checkpoint(number));
            checkpoints = CheckpointFile.create(
                    directory.checkpoint(number), context.keySpace().partitions(), seal);
            var map = Maps.inFile(context.cache(), geometry, directory.map(number));
            done = true;
            return new Store(directory, header, checkpoints, map);
        } finally {
            if (!done) {
                if (checkpoints != null) {
                    checkpoints.close();
                }
                directory.delete(number);
            }
        }
    }

    /**
     * The files of a store that was closed, to be used again as they are.
     *
     * @param header their header, of this tier's identity and sizes
     * @throws IOException if they cannot be used; nothing has been changed
     */
    static Store again(
            StoreDirectory directory,
            StoreHeader header,
            LocalContext<?, ?> context,
            Geometry geometry,
            String bootId,
            Patience patience)
            throws IOException, UnusableStoreException {
        Image.check(directory.image(header.number()), directory.map(header.number()), header.seal(), patience);
        int partitions = context.keySpace().partitions();
        CheckpointFile checkpoints =
                CheckpointFile.again(directory.checkpoint(header.number()), partitions, header.seal());
        boolean done = false;
        try {
            var map = Maps.again(context.cache(), geometry, directory.map(header.number()));
            done = true;
            return new Store(directory, header.opened(bootId), checkpoints, map);
        } finally {
            if (!done) {
                checkpoints.close();
            }
        }
    }

    private static void requireRoom(StoreDirectory directory, long needed) throws IOException {
        long usable = directory.usableBytes();
        if (usable < needed) {
            throw new IOException("no room: bytes needed=" + needed + ", usable=" + usable);
        }
    }

    ChronicleMap<Long, byte[]> map() {
        return map;
    }

    long hashSeed() {
        return header.hashSeed();
    }

    Seal seal() {
        return header.seal();
    }

    /** What the map was given from older files before it was used; null if nothing. */
    @Nullable
    Restored restored() {
        return restored;
    }

    /** Reads what the tier knew beside the map when it was closed. */
    void readImage(Image.State state) throws IOException {
        Image.read(directory.image(header.number()), state);
    }

    /** Lets go of the files of {@link #again}, which stay as they are; the directory stays locked. The map is closed already. */
    synchronized void leave() throws IOException {
        closed = true;
        checkpoints.close();
    }

    /** Makes these files the ones that hold, and deletes all others. */
    synchronized void begin(@Nullable Restored newRestored) throws IOException {
        if (newRestored != null) {
            checkpoints.write(newRestored.checkpoint());
        }
        directory.header(header);
        Files.deleteIfExists(directory.image(header.number()));
        restored = newRestored;
        begun = true;
        directory.deleteAllBut(header.number());
    }

    /** Writes a checkpoint; does nothing after {@link #close}. */
    synchronized void checkpoint(Checkpoint checkpoint) {
        if (closed) {
            return;
        }
        try {
            checkpoints.write(checkpoint);
        } catch (IOException e) {
            throw new TierException("directory=" + directory.path() + ": the checkpoint cannot be written", e);
        }
    }

    /**
     * Notes that the files are complete once they are on the disk, which is waited for {@value #MOST_SECONDS_TO_FORCE}
     * seconds at most, and lets go of the directory. The map is closed already. Idempotent.
     *
     * @param state what the tier knows beside the map
     */
    synchronized void close(Image.State state) {
        if (closed) {
            return;
        }
        closed = true;
        // file channels close themselves under an interrupted thread, which is no reason to lose what is kept
        boolean interrupted = Thread.interrupted();
        try {
            if (begun && force(state)) {
                directory.header(header.closed());
            }
        } catch (IOException e) {
            LOG.warn("directory={} cannot be marked as complete: it holds until the machine ends", directory.path(), e);
        } finally {
            release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Deletes what {@link #create} has made, for another attempt; the directory stays locked. The map is closed already. */
    synchronized void abandon() throws IOException {
        closed = true;
        checkpoints.close();
        directory.delete(header.number());
    }

    private void release() {
        try {
            checkpoints.close();
        } catch (IOException e) {
            LOG.warn("directory={}: the checkpoint file cannot be closed", directory.path(), e);
        }
        try {
            directory.close();
        } catch (IOException e) {
            LOG.warn("directory={} cannot be unlocked", directory.path(), e);
        }
    }

    /** Whether all is on the disk; the image is welcome, but may be missing. */
    private boolean force(Image.State state) {
        AtomicBoolean forced = new AtomicBoolean();
        FutureTask<Void> task = new FutureTask<>(() -> {
            Path file = directory.map(header.number());
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.getFD().sync();
            }
            checkpoints.force();
            forced.set(true);
            directory.create(directory.image(header.number()));
            Image.write(directory.image(header.number()), file, header.seal(), state);
            return null;
        });
        Thread thread = new Thread(task, "g2cache-force-" + header.identity().cache());
        thread.setDaemon(true);
        thread.start();
        String failure = "";
        try {
            task.get(MOST_SECONDS_TO_FORCE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            failure = "seconds=" + MOST_SECONDS_TO_FORCE + " are over";
        } catch (ExecutionException e) {
            failure = String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        if (!failure.isEmpty()) {
            LOG.warn(
                    "directory={} is closed, but {}: {}",
                    directory.path(),
                    forced.get()
                            ? "its next opening takes longer"
                            : "not on the disk, so that it holds until the machine ends",
                    failure);
        }
        return forced.get();
    }
}
