package io.g2cache;

import io.g2cache.internal.NodeOptions;
import io.g2cache.internal.NodeStarter;
import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link G2Node} from the modules chosen. Every setter fails fast. Not thread-safe.
 */
public final class G2NodeBuilder {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private String namespace = "default";
    private @Nullable LocalCacheProvider local;
    private @Nullable OutCacheProvider out;
    private @Nullable SyncLogProvider sync;
    private @Nullable Executor executor;
    private @Nullable AgentScheduler agents;
    private TimeSource time = TimeSource.SYSTEM;
    private Duration maximumLifetime = Duration.ofDays(7);
    private Duration fenceWindow = Duration.ofSeconds(60);
    private Duration startTimeout = Duration.ofSeconds(60);
    private Duration maxStaleness = Duration.ofSeconds(60);
    private boolean awaitReady = true;
    private boolean requireLogAtStart = true;
    private @Nullable Consumer<CatchUp> catchUpListener;
    private int recentCapacity = 1 << 17;
    private int tagFloorCapacity = 1 << 16;
    private int maximumEventBytes = 2 << 20;
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private @Nullable Duration statsInterval;
    private int auditKeysPerSecond;
    private @Nullable StatsRecorder statsRecorder;
    private @Nullable WriteQueue writeQueue;

    G2NodeBuilder() {}

    /** Separates deployments that share a cluster or a log; "default" by default. */
    public G2NodeBuilder namespace(String value) {
        if (!NAMESPACE.matcher(value).matches()) {
            throw new IllegalArgumentException("namespace '" + value + "' must match " + NAMESPACE);
        }
        namespace = value;
        return this;
    }

    /** The local tier; on the heap by default. */
    public G2NodeBuilder local(LocalCacheProvider value) {
        local = value;
        return this;
    }

    /** The out tier; none by default. */
    public G2NodeBuilder out(OutCacheProvider value) {
        out = value;
        return this;
    }

    /** The log; none by default. */
    public G2NodeBuilder sync(SyncLogProvider value) {
        sync = value;
        return this;
    }

    /**
     * Where asynchronous steps run; by default a pool of the node's own, bounded, of daemon threads. An executor given
     * here is not closed by the node; it may refuse tasks with a {@link java.util.concurrent.RejectedExecutionException},
     * which then run in their caller or are left to a later one. It also completes the calls of the tiers: with so few
     * threads that loaders occupy all of them, loaders that ask the cache themselves end with the load timeout.
     */
    public G2NodeBuilder executor(Executor value) {
        executor = value;
        return this;
    }

    /**
     * What drives the node's recurring work; by default daemon threads of the node's own. {@link #build} waits for work
     * that it drives.
     */
    public G2NodeBuilder agentScheduler(AgentScheduler value) {
        agents = value;
        return this;
    }

    /** The time source; the machine's by default. */
    public G2NodeBuilder timeSource(TimeSource value) {
        time = value;
        return this;
    }

    /** Upper bound of every lifetime of every cache, 7 days by default; the log must keep events longer than this. */
    public G2NodeBuilder maximumLifetime(Duration value) {
        maximumLifetime = Lifetime.hard(value).hard();
        return this;
    }

    /**
     * How long a load may take and still be told from a newer event; 1 s to 1 hour, 60 s by default. Values of longer loads
     * are returned but may not be stored.
     */
    public G2NodeBuilder fenceWindow(Duration value) {
        fenceWindow = Limits.inRange("fenceWindow", value, Duration.ofSeconds(1), Duration.ofHours(1));
        return this;
    }

    /**
     * How long ago the log's end may be that this node is known to have applied; what the local tier of a cache holds is not
     * served beyond that, but kept. 2 seconds to 3650 days, 60 seconds by default; a cache may have a value of its own.
     */
    public G2NodeBuilder maxStaleness(Duration value) {
        maxStaleness = Limits.staleness("maxStaleness", value);
        return this;
    }

    /**
     * Whether {@link #build} waits until the node is ready, as it does by default. Otherwise it returns as soon as the log is
     * being replayed; until its end as of the start is reached, out-tier values are a miss and writes work.
     */
    public G2NodeBuilder awaitReady(boolean value) {
        awaitReady = value;
        return this;
    }

    /**
     * Whether {@link #build} fails where the log is not reached, as it does by default. Otherwise the node starts without it, after
     * the log's own deadlines: it is {@link NodeState#STALE}, every read goes to the loader, writes fail or are queued, and what the
     * local tiers have kept stays as it is. Once the log is reached, by tries a second apart, the node catches up behind its
     * callers' backs. A log that refuses what the node needs fails the start all the same.
     */
    public G2NodeBuilder requireLogAtStart(boolean value) {
        requireLogAtStart = value;
        return this;
    }

    /**
     * Hears twice a second how far the replay of the start is, and at its end; called by the thread that builds the node, or
     * by a thread of the node where {@link #build} does not wait. It must not block.
     */
    public G2NodeBuilder onCatchUp(Consumer<CatchUp> listener) {
        catchUpListener = listener;
        return this;
    }

    /** How long {@link #build} waits until the node is ready; 1 ms to 1 hour, 60 s by default. */
    public G2NodeBuilder startTimeout(Duration value) {
        startTimeout = Limits.inRange("startTimeout", value, Duration.ofMillis(1), Duration.ofHours(1));
        return this;
    }

    /** Hears of everything that the statistics count, for all caches of the node. */
    public G2NodeBuilder statsRecorder(StatsRecorder value) {
        statsRecorder = value;
        return this;
    }

    /** How many recent events are remembered one by one, about 50 bytes each; 1,024 to 2^26, 131,072 by default. */
    public G2NodeBuilder recentCapacity(int value) {
        if (value < 1024 || value > 1 << 26) {
            throw new IllegalArgumentException("recentCapacity=" + value + " must be from 1024 to " + (1 << 26));
        }
        recentCapacity = value;
        return this;
    }

    /**
     * How many invalidated tags each cache keeps in mind, counted once for each partition, about 100 bytes each; 1,024 to
     * 2^20, 65,536 by default. They are kept as long as an entry lives at most; where there are more, those forgotten early
     * make everything older in their partition invalid, which is counted as {@code tag_floor_overflow}.
     */
    public G2NodeBuilder tagFloorCapacity(int value) {
        if (value < 1024 || value > 1 << 20) {
            throw new IllegalArgumentException("tagFloorCapacity=" + value + " must be from 1024 to " + (1 << 20));
        }
        tagFloorCapacity = value;
        return this;
    }

    /**
     * Largest event that the log must take, 64 KiB to 512 MiB, 2 MiB by default. A cache that publishes values must have
     * limits that fit.
     */
    public G2NodeBuilder maximumEventBytes(int value) {
        if (value < 1 << 16 || value > 1 << 29) {
            throw new IllegalArgumentException(
                    "maximumEventBytes=" + value + " must be from " + (1 << 16) + " to " + (1 << 29));
        }
        maximumEventBytes = value;
        return this;
    }

    /** Logs the statistics of every cache in this interval, to the logger {@code io.g2cache.stats}; off by default. */
    public G2NodeBuilder logStatsEvery(Duration value) {
        statsInterval = Limits.inRange("logStatsEvery", value, Duration.ofSeconds(1), Duration.ofDays(1));
        return this;
    }

    /**
     * Lets the node compare its tiers with what it knows of the log, for so many keys a second, one cache after another; 0 to
     * 100, none by default. Each costs a read of the out tier. A difference that is still there 10 seconds later is counted as
     * {@code audit_difference}, which must stay 0, and logged as an error. A node without a log does not audit itself, and warns.
     */
    public G2NodeBuilder auditKeysPerSecond(int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException("auditKeysPerSecond=" + value + " must be from 0 to 100");
        }
        auditKeysPerSecond = value;
        return this;
    }

    /** Where jitter comes from: numbers from 0 up to but not including 1; a thread's own random source by default. */
    public G2NodeBuilder randomSource(DoubleSupplier value) {
        random = value;
        return this;
    }

    /**
     * Where the writes of caches with {@link WhenLogIsAway#QUEUE} are queued; nowhere by default. What waits there from before
     * is sent, whatever its cache.
     */
    public G2NodeBuilder writeQueue(WriteQueue value) {
        writeQueue = value;
        return this;
    }

    /**
     * Starts the node and waits until it is ready.
     *
     * @throws IllegalStateException if there is a write queue, but no log
     * @throws TierException if a tier or the write queue cannot be opened
     * @throws SyncLogException if the log cannot be used, or was not read to its end within the start timeout; see
     *     {@link #requireLogAtStart}
     */
    public G2Node build() {
        if (writeQueue != null && sync == null) {
            throw new IllegalStateException("writeQueue=" + writeQueue + " needs a log");
        }
        return NodeStarter.start(new NodeOptions(
                namespace,
                local == null ? new OnHeapLocal() : local,
                out,
                sync,
                executor,
                agents,
                time,
                random,
                maximumLifetime,
                fenceWindow,
                recentCapacity,
                tagFloorCapacity,
                maximumEventBytes,
                startTimeout,
                maxStaleness,
                awaitReady,
                requireLogAtStart,
                catchUpListener,
                statsInterval,
                auditKeysPerSecond,
                statsRecorder,
                writeQueue));
    }
}
