package io.g2cache.example.node;

import io.g2cache.G2Cache;
import io.g2cache.WriteToken;
import io.g2cache.example.city.City;
import io.g2cache.example.city.CityTable;
import io.g2cache.spi.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the service does: reads cities through the cache and writes them to the database first, then to the cache.
 *
 * <p>A row that anyone may write is invalidated after the commit. A row of which this node is the only writer is put,
 * under a lock that makes the order of puts the order of commits.
 *
 * <p>Thread-safe. Locks are striped by id and held during one round trip to database and log; nothing else is locked
 * inside.
 */
public final class Cities {
    private static final int STRIPES = 64;
    private static final int LOCK_SECONDS = 30;

    private final G2Cache<Long, City> cache;
    private final CityTable table;
    private final String node;
    private final Ownership ownership;
    private final Latencies latencies;
    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];
    private final AtomicReference<@Nullable WriteToken> written = new AtomicReference<>();

    /** Uses the given cache and table. */
    public Cities(G2Cache<Long, City> cache, CityTable table, String node, Ownership ownership, Latencies latencies) {
        this.cache = cache;
        this.table = table;
        this.node = node;
        this.ownership = ownership;
        this.latencies = latencies;
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * A write that is committed and published.
     *
     * @param city the row as committed
     * @param token proves the write to other nodes
     */
    public record Written(City city, WriteToken token) {}

    /** The city, from the cache or else the database; null if there is none of this id. */
    public @Nullable City read(long id) {
        long start = TimeSource.SYSTEM.monotonicNanos();
        City city = cache.get(id, table::find);
        latencies.record(TimeSource.SYSTEM.monotonicNanos() - start);
        return city;
    }

    /** The city if a tier of the cache has it; never asks the database. */
    public @Nullable City cached(long id) {
        return cache.get(id);
    }

    /**
     * Sets the population; null if there is no such city.
     *
     * @throws IllegalStateException if another node is the only writer of this row
     * @throws SQLException if the database refuses; nothing is changed then
     * @throws io.g2cache.SyncLogException if the log refuses; {@link #republish} tells the cache later
     */
    public @Nullable Written write(long id, long population) throws SQLException {
        if (!ownership.mayWrite(id)) {
            throw new IllegalStateException("city " + id + " is written by node number " + ownership.writer(id)
                    + " only, this is number " + ownership.index());
        }
        return Ownership.hasSingleWriter(id) ? writeAndPut(id, population) : writeAndInvalidate(id, population);
    }

    private @Nullable Written writeAndInvalidate(long id, long population) throws SQLException {
        CityTable.Change change = table.update(node, id, population);
        return change == null ? null : published(change, cache.invalidate(id));
    }

    private @Nullable Written writeAndPut(long id, long population) throws SQLException {
        ReentrantLock lock = locks[(int) Math.floorMod(id, (long) STRIPES)];
        acquire(lock, id);
        try {
            CityTable.Change change = table.update(node, id, population);
            return change == null ? null : published(change, cache.put(id, change.city()));
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(ReentrantLock lock, long id) {
        try {
            if (!lock.tryLock(LOCK_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "city " + id + " is being written, no turn within seconds=" + LOCK_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to write city " + id, e);
        }
    }

    private Written published(CityTable.Change change, WriteToken token) throws SQLException {
        remember(token);
        table.published(change.receipt());
        return new Written(change.city(), token);
    }

    /** Makes what is cached for the city invalid on every node. */
    public WriteToken invalidate(long id) {
        WriteToken token = cache.invalidate(id);
        remember(token);
        return token;
    }

    /**
     * Invalidates the cities that this node changed, but whose change it could not publish, as it was killed or the log
     * was away.
     *
     * @param age only changes at least this old
     * @return how many
     */
    public int republish(Duration age) throws SQLException {
        int count = 0;
        for (CityTable.Unpublished change : table.unpublished(node, age)) {
            invalidate(change.city());
            table.published(change.receipt());
            count++;
        }
        return count;
    }

    private void remember(WriteToken token) {
        written.accumulateAndGet(token, (old, added) -> {
            if (old == null || added == null || !old.generation().equals(added.generation())) {
                return added;
            }
            return old.and(added);
        });
    }

    /** Proves all writes of this node so far; null if there were none. */
    public @Nullable WriteToken written() {
        return written.get();
    }
}
