package io.g2cache.bench.peers;

import java.util.Locale;

/** Distributed caches that are measured beside each other: our deployments, and what one would take instead. */
public enum Peer {
    /** All modules; a put tells the others that the key has changed. */
    G2CACHE(
            true,
            true,
            false,
            "Chronicle Map, Hazelcast client of one member, Kafka log on one broker; defaults: a put publishes an invalidation"),
    /** All modules; a put tells the value. */
    G2CACHE_VALUES(true, true, false, "the same, but a put publishes the value to every node"),
    /** Without a shared tier. */
    G2CACHE_LOG(false, true, false, "Chronicle Map and Kafka log alone; a put publishes the value"),
    /** Without a log: nobody is told of a put. */
    G2CACHE_OUT(
            true,
            false,
            false,
            "Chronicle Map and Hazelcast client alone; nodes hear nothing of each other until a lifetime ends"),
    /** Hazelcast's Near Cache in clients. */
    HAZELCAST_CLIENT(
            true,
            true,
            false,
            "Near Cache in two clients of one member, OBJECT format, invalidation batches off (on by default, up to 10 s)"),
    /** Hazelcast's Near Cache in members. */
    HAZELCAST_MEMBER(
            true,
            true,
            false,
            "Near Cache in two members, OBJECT format, invalidation batches off; the cut link is that between the members,"
                    + " split-brain settings are the defaults (first merge after 300 s)"),
    /** Redisson, made to drop its near cache after a lost connection. */
    REDISSON(true, true, true, "RLocalCachedMap, LRU, sync INVALIDATE, reconnection CLEAR, raw bytes; fastPut"),
    /** Redisson as it is by default. */
    REDISSON_DEFAULT(true, true, true, "the same with the default reconnection NONE"),
    /** JetCache with two levels and broadcast. */
    JETCACHE(
            true,
            true,
            true,
            "Caffeine and Redis by Lettuce, syncLocal broadcast, Java serialisation (its default), expiry 1 h at both levels"),
    /** Plain Kafka clients. */
    KAFKA(
            false,
            true,
            false,
            "a consumer fills a map with the whole compacted topic; acks=all, linger.ms=0; the map has no limit");

    private final boolean hasSharedTier;
    private final boolean tellsOthers;
    private final boolean needsRedis;
    private final String settings;

    Peer(boolean hasSharedTier, boolean tellsOthers, boolean needsRedis, String settings) {
        this.hasSharedTier = hasSharedTier;
        this.tellsOthers = tellsOthers;
        this.needsRedis = needsRedis;
        this.settings = settings;
    }

    /** Whether all that it needs is installed here. */
    public boolean isPossible() {
        return !needsRedis || RedisServer.command() != null;
    }

    /** Whether a near miss is answered by a tier that the nodes share. */
    public boolean hasSharedTier() {
        return hasSharedTier;
    }

    /** Whether a write reaches the near caches of other nodes before its lifetime ends. */
    public boolean tellsOthers() {
        return tellsOthers;
    }

    /** As tables name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** How it is configured. */
    public String settings() {
        return settings;
    }

    /**
     * Starts two nodes with their shared parts; blocks for some seconds.
     *
     * @param nearEntries how many entries the near cache of each node may hold
     */
    PeerNodes open(int nearEntries) throws Exception {
        if (!isPossible()) {
            throw new IllegalStateException(this + " needs redis-server on the PATH");
        }
        Parts parts = new Parts();
        boolean isOpen = false;
        try {
            PeerNodes nodes = switch (this) {
                case G2CACHE -> G2CacheNodes.full(parts, nearEntries);
                case G2CACHE_VALUES -> G2CacheNodes.values(parts, nearEntries);
                case G2CACHE_LOG -> G2CacheNodes.withoutOut(parts, nearEntries);
                case G2CACHE_OUT -> G2CacheNodes.withoutLog(parts, nearEntries);
                case HAZELCAST_CLIENT -> HazelcastNodes.clients(parts, nearEntries);
                case HAZELCAST_MEMBER -> HazelcastNodes.members(parts, nearEntries);
                case REDISSON -> RedissonNodes.clearing(parts, nearEntries);
                case REDISSON_DEFAULT -> RedissonNodes.byDefault(parts, nearEntries);
                case JETCACHE -> new JetCacheNodes(parts, nearEntries);
                case KAFKA -> new KafkaNodes(parts);
            };
            isOpen = true;
            return nodes;
        } finally {
            if (!isOpen) {
                parts.close();
            }
        }
    }
}
