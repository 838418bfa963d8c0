package io.g2cache.example.node;

import io.g2cache.example.city.City;
import io.g2cache.spi.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes cities at a bounded rate, with a Zipf-like skew by population. What cannot be done in time is left
 * out, not made up for later, so that a slow machine is not driven into the ground.
 *
 * <p>One daemon thread works in batches, under {@code batch}. Setting the rates takes the same lock: when {@link #rates}
 * returns, nothing of the old rates is under way.
 */
public final class LoadGenerator implements AutoCloseable {
    /** Most gets a second. */
    public static final int MAXIMUM_GETS = 100_000;

    /** Most updates a second. */
    public static final int MAXIMUM_UPDATES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoadGenerator.class);
    private static final int TICK_MILLIS = 10;
    /** How much of the rate may be made up for later. */
    private static final double SECONDS_OWED = 0.1;

    private static final int LONGEST_BATCH_MILLIS = 100;
    private static final int LARGEST_CHANGE = 1_000;

    private final Cities cities;
    private final Ownership ownership;
    private final ZipfPicker picker;
    private final SplittableRandom random;
    private final ReentrantLock batch = new ReentrantLock();
    private final AtomicLong updates = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Ticker thread = new Ticker("load");

    private int getsPerSecond;
    private int updatesPerSecond;
    private double getsOwed;
    private double updatesOwed;
    private long lastTick = TimeSource.SYSTEM.monotonicNanos();

    /**
     * A generator that is idle until {@link #rates} is called.
     *
     * @param picker picks the cities; used by the generator's thread only from now on
     * @param seed of the random changes
     */
    public LoadGenerator(Cities cities, Ownership ownership, ZipfPicker picker, long seed) {
        this.cities = cities;
        this.ownership = ownership;
        this.picker = picker;
        this.random = new SplittableRandom(seed);
        thread.every(Duration.ofMillis(TICK_MILLIS), this::tick);
    }

    /**
     * Sets the rates; both 0 makes it idle. Waits until the batch under way has ended.
     *
     * @throws IllegalArgumentException if a rate is out of range
     * @throws IllegalStateException if the batch did not end in time
     */
    public void rates(int gets, int newUpdates, Duration timeout) throws InterruptedException {
        if (gets < 0 || gets > MAXIMUM_GETS || newUpdates < 0 || newUpdates > MAXIMUM_UPDATES) {
            throw new IllegalArgumentException("gets=" + gets + " must be from 0 to " + MAXIMUM_GETS + ", updates="
                    + newUpdates + " from 0 to " + MAXIMUM_UPDATES);
        }
        if (!batch.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the load did not pause within timeout=" + timeout);
        }
        try {
            getsPerSecond = gets;
            updatesPerSecond = newUpdates;
            getsOwed = 0;
            updatesOwed = 0;
        } finally {
            batch.unlock();
        }
    }

    private void tick() {
        batch.lock();
        try {
            long now = TimeSource.SYSTEM.monotonicNanos();
            double seconds = Math.min((now - lastTick) / 1e9, SECONDS_OWED);
            lastTick = now;
            getsOwed = Math.min(getsOwed + seconds * getsPerSecond, 1 + SECONDS_OWED * getsPerSecond);
            updatesOwed = Math.min(updatesOwed + seconds * updatesPerSecond, 1 + SECONDS_OWED * updatesPerSecond);
            for (; updatesOwed >= 1 && inTime(now); updatesOwed--) {
                guarded(this::update);
            }
            for (; getsOwed >= 1 && inTime(now); getsOwed--) {
                guarded(() -> cities.read(picker.next()));
            }
        } finally {
            batch.unlock();
        }
    }

    private static boolean inTime(long start) {
        return TimeSource.SYSTEM.monotonicNanos() - start < TimeUnit.MILLISECONDS.toNanos(LONGEST_BATCH_MILLIS);
    }

    private void update() throws SQLException {
        long id = picker.next();
        if (!ownership.mayWrite(id)) {
            return;
        }
        City city = cities.read(id);
        if (city != null) {
            cities.write(id, city.population() + random.nextInt(1, LARGEST_CHANGE));
            updates.incrementAndGet();
        }
    }

    /** A step of the load, which may fail. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            if (failures.incrementAndGet() == 1) {
                LOG.warn("a step of the load failed; later failures are only counted", e);
            }
        }
    }

    /** Updates done since the start. */
    public long updates() {
        return updates.get();
    }

    /** Reads and updates that failed since the start. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void close() {
        thread.close();
    }
}
