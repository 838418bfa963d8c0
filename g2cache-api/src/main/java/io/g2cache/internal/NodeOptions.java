package io.g2cache.internal;

import io.g2cache.CatchUp;
import io.g2cache.WriteQueue;
import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node is built from.
 *
 * @param namespace separates deployments
 * @param local the local tier
 * @param out the out tier, if any
 * @param sync the log, if any
 * @param executor the user's executor, if any
 * @param agents what drives the recurring work, if not threads of the node's own
 * @param time time source
 * @param random numbers from 0 up to but not including 1, for jitter
 * @param maximumLifetime upper bound of every lifetime
 * @param fenceWindow how long a load may take and still be told from a newer event
 * @param recentCapacity how many recent events are remembered one by one
 * @param tagFloorCapacity how many floors of tags each cache keeps, of a tag in a partition each
 * @param maximumEventBytes largest event that the log must take
 * @param startTimeout how long the start may take
 * @param maxStaleness how long ago freshness may have been proven, for caches that do not say
 * @param awaitReady whether the start waits for the log's end
 * @param requireLogAtStart whether the start fails where the log is not reached
 * @param catchUpListener hears how far the start is, if anybody wants to
 * @param statsInterval how often the statistics are logged, if at all
 * @param auditKeysPerSecond how many keys the node's own auditor looks at; 0 for none
 * @param statsRecorder the user's meters, if any
 * @param writeQueue where writes are queued while the log is away, if anywhere
 */
public record NodeOptions(
        String namespace,
        LocalCacheProvider local,
        @Nullable OutCacheProvider out,
        @Nullable SyncLogProvider sync,
        @Nullable Executor executor,
        @Nullable AgentScheduler agents,
        TimeSource time,
        DoubleSupplier random,
        Duration maximumLifetime,
        Duration fenceWindow,
        int recentCapacity,
        int tagFloorCapacity,
        int maximumEventBytes,
        Duration startTimeout,
        Duration maxStaleness,
        boolean awaitReady,
        boolean requireLogAtStart,
        @Nullable Consumer<CatchUp> catchUpListener,
        @Nullable Duration statsInterval,
        int auditKeysPerSecond,
        @Nullable StatsRecorder statsRecorder,
        @Nullable WriteQueue writeQueue) {}
