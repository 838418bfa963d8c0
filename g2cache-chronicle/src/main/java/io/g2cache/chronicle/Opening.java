package io.g2cache.chronicle;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a tier whose entries are kept: always on a new map file, into which the live entries of the old one are copied. The
 * header names the old files until the new ones are complete, so that a crash on the way costs nothing. Used once.
 */
final class Opening<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final LocalContext<K, V> context;
    private final Geometry geometry;
    private final Persistence persistence;
    private final HotLayer.Option option;
    private final long deadlineNanos;

    Opening(LocalContext<K, V> context, Geometry geometry, Persistence persistence, HotLayer.Option option) {
        this.context = context;
        this.option = option;
        this.geometry = geometry;
        this.persistence = persistence;
        deadlineNanos =
                context.time().monotonicNanos() + persistence.recoveryTimeout().toNanos();
    }

    /**
     * Files that may be used, and what they account for.
     *
     * @param map the map file
     * @param header what the header says of it
     * @param checkpoint its newest checkpoint
     */
    record Kept(Path map, StoreHeader header, Checkpoint checkpoint) {}

    /** @throws io.g2cache.TierException if the directory is in use, is none, or is not writable */
    ChronicleLocalCache<K, V> open() {
        return OwnThread.call("g2cache-open-" + context.cache(), this::openHere);
    }

    private ChronicleLocalCache<K, V> openHere() {
        StoreDirectory directory = null;
        boolean held = false;
        try {
            directory = StoreDirectory.open(persistence.directory(), context.cache());
            ChronicleLocalCache<K, V> tier = openIn(directory);
            held = true;
            return tier;
        } catch (IOException e) {
            LOG.error(
                    "cache={}: nothing can be kept in directory={} (bytes needed={}, usable={}); the tier works in memory",
                    context.cache(),
                    persistence.directory(),
                    geometry.fileBytes(),
                    usable(directory),
                    e);
            forget(directory);
            return new ChronicleLocalCache<>(context, geometry, new SecureRandom().nextLong(), option);
        } finally {
            if (directory != null && !held) {
                unlock(directory);
            }
        }
    }

    /** What is kept would be taken for current at the next start, and nobody tells it of what happens until then. */
    private static void forget(@Nullable StoreDirectory directory) {
        try {
            if (directory != null) {
                directory.clear();
            }
        } catch (IOException e) {
            LOG.error("directory={} cannot be cleared; delete it before the next start", directory.path(), e);
        }
    }

    private static String usable(@Nullable StoreDirectory directory) {
        try {
            return directory == null ? "unknown" : String.valueOf(directory.usableBytes());
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static void unlock(StoreDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            LOG.warn("directory={} cannot be unlocked", directory.path(), e);
        }
    }

    private ChronicleLocalCache<K, V> openIn(StoreDirectory directory) throws IOException {
        try {
            Kept kept = kept(directory);
            ChronicleLocalCache<K, V> again = openAgain(directory, kept);
            return again != null ? again : openWarm(directory, kept);
        } catch (UnusableStoreException e) {
            if (directory.isEmpty()) {
                LOG.info("cache={} begins to keep its entries in directory={}", context.cache(), directory.path());
            } else {
                LOG.warn(
                        "cache={} starts empty, and what was kept in directory={} is deleted: {}",
                        context.cache(),
                        directory.path(),
                        e.getMessage(),
                        e.getCause());
            }
        }
        directory.clear();
        Store store = create(directory, 0, new SecureRandom().nextLong());
        return begin(store, tier(store), false, null);
    }

    private Store create(StoreDirectory directory, long kept, long hashSeed) throws IOException {
        return Store.create(directory, kept, context, geometry, persistence.bootId(), hashSeed);
    }

    private ChronicleLocalCache<K, V> tier(Store store) {
        return new ChronicleLocalCache<>(context, geometry, store, option);
    }

    private Kept kept(StoreDirectory directory) throws UnusableStoreException {
        StoreHeader header = directory.header();
        StoreIdentity wanted = StoreIdentity.of(context);
        String difference = wanted.difference(header.identity());
        if (difference != null) {
            throw new UnusableStoreException("it is of " + difference);
        }
        boolean sameBoot = !header.bootId().isEmpty() && header.bootId().equals(persistence.bootId());
        if (!header.clean() && !sameBoot) {
            throw new UnusableStoreException(
                    "it was not closed, and the machine was, or may have been, started anew: boot id=" + header.bootId()
                            + ", now=" + persistence.bootId());
        }
        Path map = directory.map(header.number());
        if (!Files.isRegularFile(map)) {
            throw new UnusableStoreException("there is no file=" + map);
        }
        try {
            Checkpoint checkpoint =
                    CheckpointFile.read(directory.checkpoint(header.number()), wanted.partitions(), header.seal());
            if (checkpoint == null) {
                throw new UnusableStoreException("there is no whole checkpoint");
            }
            return new Kept(map, header, checkpoint);
        } catch (IOException e) {
            throw new UnusableStoreException("the checkpoint cannot be read", e);
        }
    }

    private void requireTime() throws UnusableStoreException {
        if (context.time().monotonicNanos() - deadlineNanos >= 0) {
            throw new UnusableStoreException("it was not read in time, recoveryTimeout is over");
        }
    }

    /** The tier as it was closed; null where its entries have to be salvaged instead. */
    private @Nullable ChronicleLocalCache<K, V> openAgain(StoreDirectory directory, Kept kept)
            throws IOException, UnusableStoreException {
        StoreHeader header = kept.header();
        if (!header.clean() || !header.geometry().hasSizesOf(geometry)) {
            return null;
        }
        ChronicleLocalCache<K, V> tier = null;
        boolean read = false;
        try {
            Store store = Store.again(directory, header, context, geometry, persistence.bootId(), this::requireTime);
            tier = tier(store);
            store.readImage(tier::walk);
            read = true;
            return begin(store, tier, true, new Restored(kept.checkpoint(), tier.newest(), tier.estimatedSize()));
        } catch (IOException e) {
            if (read) {
                throw e;
            }
            LOG.warn("cache={}: directory={} is not as it was closed", context.cache(), directory.path(), e);
            return null;
        } finally {
            if (tier != null && !read) {
                tier.leave();
            }
        }
    }

    private ChronicleLocalCache<K, V> openWarm(StoreDirectory directory, Kept kept)
            throws IOException, UnusableStoreException {
        Store store;
        try {
            store = create(directory, kept.header().number(), kept.header().hashSeed());
        } catch (IOException e) {
            throw new UnusableStoreException("there is no room for another map beside it", e);
        }
        ChronicleLocalCache<K, V> tier = tier(store);
        boolean filled = false;
        try {
            Restored restored = new Recovery(context, tier, kept, this::requireTime).run();
            filled = true;
            return begin(store, tier, false, restored);
        } catch (IOException | RuntimeException | VirtualMachineError e) {
            if (filled) {
                throw e;
            }
            throw new UnusableStoreException("it cannot be read", e);
        } finally {
            if (!filled) {
                tier.abandon();
            }
        }
    }

    private ChronicleLocalCache<K, V> begin(
            Store store, ChronicleLocalCache<K, V> tier, boolean again, @Nullable Restored restored)
            throws IOException {
        boolean begun = false;
        try {
            store.begin(restored);
            begun = true;
            return tier;
        } finally {
            if (!begun && again) {
                tier.leave();
            } else if (!begun) {
                tier.abandon();
            }
        }
    }
}
