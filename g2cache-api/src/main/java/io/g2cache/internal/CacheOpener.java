package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.InvalidLifetimeException;
import io.g2cache.TierException;
import io.g2cache.WhenLogIsAway;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.spi.Codec;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.Tags;
import io.g2cache.spi.ValueFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts a cache together from its specification and the node's parts. Thread-safe. */
final class CacheOpener {
    /** Cache name, origin, deadlines, schema and codec ids, record framing: generously. */
    private static final int EVENT_OVERHEAD_BYTES = 1024;

    private final NodeOptions options;
    private final NodeParts node;
    private final CountersByCache counters;

    CacheOpener(NodeOptions options, NodeParts node, CountersByCache counters) {
        this.options = options;
        this.node = node;
        this.counters = counters;
    }

    <K, V> CacheEngine<K, V> open(CacheSpec<K, V> spec) {
        requireEventsFit(spec);
        requireQueue(spec);
        Deadlines deadlines = deadlines(spec);
        KeySpace space = new KeySpace(spec.name(), node.sequencer().partitions());
        Keying<K> keying = Keying.of(spec);
        KeyEncoder<K> keys = new KeyEncoder<>(spec.keyCodec(), keying.keys(), space, spec.maximumKeyBytes());
        ValueFormat<V> format = new ValueFormat<>(spec.valueCodec());
        CacheCounters stats = counters.of(spec.name());
        LimitedLog log = LimitedLog.to("io.g2cache.cache." + spec.name(), options.time());
        CacheLife life = new CacheLife(node.lifecycle(), spec.name());
        CacheFloors floors = node.fence().floors(spec.name());
        TagHashes<K, V> tags = new TagHashes<>(spec.tags(), keying.tags());
        ValueEncoder<K, V> values = new ValueEncoder<>(spec.name(), format, tags, spec.maximumValueBytes(), stats, log);
        Tiers<K, V> tiers = tiers(spec, localContext(spec, keying.codec(), space, format, floors), floors, stats, log);
        LoadCoalescer<V> coalescer = new LoadCoalescer<>(
                options.time(), new FailedLoads(options.time(), spec.failureThrottle()), tiers.gate());
        FillPath<K, V> fills = new FillPath<>(
                spec.name(),
                node.nodeId(),
                tiers,
                node.sequencer(),
                values,
                deadlines,
                options.time(),
                spec.absentLifetime().orElse(null),
                spec.publishLoads(),
                node.workers().completions(),
                log);
        CacheQueue queue = queue(spec, space, tiers, coalescer);
        WarmRestart restart = new WarmRestart(spec, space, tiers, node, life, stats, options);
        SourceRules<K, V> rules = rules(spec, tiers, fills, space, stats);
        ReadPath<K, V> reads = new ReadPath<>(
                tiers, fills, coalescer, node.workers(), stats, options.time(), spec.copyOnRead(), rules);
        return new CacheEngine<>(new CacheParts<>(
                spec,
                node,
                life,
                options.time(),
                keys,
                values,
                deadlines,
                tiers,
                reads,
                new BulkReadPath<>(tiers, fills, reads, coalescer, stats, options.time(), rules, keys::encode),
                rules.ahead(),
                new WritePath<>(spec.name(), node, tiers, coalescer, restart, stats, queue),
                queue,
                restart,
                coalescer,
                new CacheAudit<>(space, keying.keys(), format, tiers, node, restart::isUpToDate, options, log),
                stats));
    }

    /** A cache was closed, and counts from zero when it is opened again. */
    void closed(String cache) {
        counters.forget(cache);
    }

    private <K, V> SourceRules<K, V> rules(
            CacheSpec<K, V> spec, Tiers<K, V> tiers, FillPath<K, V> fills, KeySpace space, CacheCounters stats) {
        Duration waitAtMost = spec.clusterLoad().orElse(null);
        boolean waits = waitAtMost != null && tiers.out().isPresent();
        @Nullable
        Timer timer = waits || !spec.failSafeFor().isZero() ? node.agents().timer() : null;
        Patience<K, V> patience = new Patience<>(
                new FailSafe<>(tiers, fills, stats, options.time(), spec.failSafeFor()),
                timer,
                stats,
                spec.softTimeout().orElse(null),
                spec.loadTimeout(),
                spec.failureThrottle());
        return new SourceRules<>(
                patience,
                new RefreshAhead(spec.refreshAhead(), options.random()),
                !waits || timer == null || waitAtMost == null
                        ? null
                        : new ClusterLoads<>(
                                tiers.out(), space, timer, node.lifecycle(), stats, options.time(), waitAtMost),
                spec.boundedLoads() ? node.workers() : null,
                new LoadPlaces(spec.name(), spec.maximumLoads(), spec.loadTimeout(), stats, options.time()));
    }

    private Deadlines deadlines(CacheSpec<?, ?> spec) {
        Deadlines deadlines = new Deadlines(spec.name(), maximumLifetime(spec), spec.failSafeFor(), options.random());
        deadlines.require(spec.lifetime());
        spec.absentLifetime().ifPresent(deadlines::require);
        return deadlines;
    }

    private <K, V> Tiers<K, V> tiers(
            CacheSpec<K, V> spec, LocalContext<K, V> context, CacheFloors floors, CacheCounters stats, LimitedLog log) {
        Duration maxStaleness = spec.maxStaleness().orElse(options.maxStaleness());
        Seals seals =
                new Seals(spec.encryption(), spec.name(), spec.valueCodec().id(), stats, options.time());
        OutPath out = outPath(spec.name(), maxStaleness, seals, floors, stats, log);
        return new Tiers<>(
                node.local().open(context),
                out,
                seals,
                node.fence(),
                floors,
                new ServingGate(maxStaleness),
                stats,
                log);
    }

    private Duration maximumLifetime(CacheSpec<?, ?> spec) {
        Duration maximum = spec.maximumLifetime().orElse(options.maximumLifetime());
        if (maximum.compareTo(options.maximumLifetime()) > 0) {
            throw new InvalidLifetimeException("cache=" + spec.name() + ": maximumLifetime=" + maximum
                    + " exceeds the node's maximumLifetime=" + options.maximumLifetime());
        }
        return maximum;
    }

    private void requireEventsFit(CacheSpec<?, ?> spec) {
        boolean carriesValues = spec.publish().carriesValues() || spec.publishLoads();
        int overhead = spec.encryption() == null ? 0 : Encryption.MOST_OVERHEAD_BYTES;
        long largest = (long) storedKeyBytes(spec)
                + (carriesValues ? spec.maximumValueBytes() + overhead : 0)
                + EVENT_OVERHEAD_BYTES;
        if (node.sequencer().isShared() && largest > options.maximumEventBytes()) {
            throw new IllegalArgumentException("cache=" + spec.name() + ": an event can have bytes=" + largest
                    + " (maximumKeyBytes=" + spec.maximumKeyBytes() + ", maximumValueBytes=" + spec.maximumValueBytes()
                    + ", publish=" + spec.publish() + ", encryption=" + overhead
                    + "), which exceeds the node's maximumEventBytes="
                    + options.maximumEventBytes());
        }
    }

    private static int storedKeyBytes(CacheSpec<?, ?> spec) {
        return spec.keyHasher() == null ? spec.maximumKeyBytes() : KeyHasher.HASH_BYTES;
    }

    private @Nullable CacheQueue queue(
            CacheSpec<?, ?> spec, KeySpace space, Tiers<?, ?> tiers, LoadCoalescer<?> coalescer) {
        QueuedWrites queue = node.queue();
        boolean takesWrites = spec.whenLogIsAway() == WhenLogIsAway.QUEUE;
        return queue == null ? null : new CacheQueue(space, queue, tiers, coalescer, node.sequencer(), takesWrites);
    }

    private void requireQueue(CacheSpec<?, ?> spec) {
        if (spec.whenLogIsAway() == WhenLogIsAway.QUEUE && node.sequencer().isShared() && node.queue() == null) {
            throw new IllegalStateException(
                    "cache=" + spec.name() + " queues its writes, which needs a node with a writeQueue");
        }
    }

    private OutPath outPath(
            String cache, Duration maxStaleness, Seals seals, CacheFloors floors, StatsRecorder stats, LimitedLog log) {
        OutTiers tiers = node.outTiers();
        @Nullable OutCache out = tiers == null ? null : sealed(tiers.open(cache), seals);
        RecentVersions filled = new RecentVersions(out == null ? 1 : options.recentCapacity() / 4, (p, v, n) -> {});
        OutSide side = node.outSide();
        OutGate gate = side == null ? OutGate.OPEN : side.gate(maxStaleness.toMillis());
        OutFailures failures = new OutFailures(stats, log);
        OutDoubts doubts =
                side == null ? (since, reason) -> failures.warn(reason, new TierException("cache=" + cache)) : side;
        Heals heals = new Heals(out, filled, doubts, stats, failures);
        return new OutPath(out, gate, node.fence(), floors, heals, node.sequencer(), stats, failures);
    }

    private static OutCache sealed(OutCache out, Seals seals) {
        return seals.isOn() ? new SealedOutCache(out, seals) : out;
    }

    private <K, V> LocalContext<K, V> localContext(
            CacheSpec<K, V> spec, Codec<K> keyCodec, KeySpace space, ValueFormat<V> format, CacheFloors floors) {
        return new LocalContext<>(
                spec.name(),
                space,
                keyCodec,
                format,
                floors,
                spec.maximumEntries(),
                spec.averageEntryBytes(),
                spec.maximumValueBytes() + ValueFormat.headerBytes(spec.tags() == null ? 0 : Tags.MOST_PER_ENTRY),
                spec.copyOnRead(),
                node.sequencer().localGeneration(),
                options.time());
    }
}
