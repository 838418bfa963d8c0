package io.g2cache.hazelcast;

import com.hazelcast.core.EntryView;
import com.hazelcast.map.IMap;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a map is what we configured: under a pattern or an older configuration of the cluster, ours is
 * ignored without a word. Writes one record of its own, which no key of a cache can collide with, as those are bytes.
 */
final class MapProbe {
    static final String KEY = "g2cache-probe";

    private static final Logger LOG = LoggerFactory.getLogger(MapProbe.class);

    private MapProbe() {}

    /** What was found. */
    enum Finding {
        /** As configured. */
        AS_CONFIGURED,
        /** Entries live for another time. */
        OTHER_LIFE,
        /** Conditional writes are always refused. */
        NOT_BINARY,
        /** Others kept writing, or removed the record. */
        UNDECIDED
    }

    /** Blocks. Tells the log, by the map's name, of anything that is not as configured. */
    static Finding run(IMap<Object, Object> map, int expectedSeconds) {
        for (int round = 0; round < ConditionalWrites.MAX_ROUNDS; round++) {
            byte[] first = OutRecord.lease();
            Object held = Objects.requireNonNullElse(map.putIfAbsent(KEY, first), first);
            if (map.replace(KEY, held, OutRecord.lease())) {
                return life(map, expectedSeconds);
            }
            if (Objects.deepEquals(map.get(KEY), held)) {
                LOG.error(
                        "map={} refuses every conditional write, so nothing can be shared through it: the cluster's own"
                                + " configuration of it must have in-memory-format BINARY",
                        map.getName());
                return Finding.NOT_BINARY;
            }
        }
        return Finding.UNDECIDED;
    }

    private static Finding life(IMap<Object, Object> map, int expectedSeconds) {
        EntryView<Object, Object> view = map.getEntryView(KEY);
        if (view == null) {
            return Finding.UNDECIDED;
        }
        long expected =
                expectedSeconds == Integer.MAX_VALUE ? Long.MAX_VALUE : TimeUnit.SECONDS.toMillis(expectedSeconds);
        if (view.getTtl() == expected) {
            return Finding.AS_CONFIGURED;
        }
        LOG.warn(
                "map={} is configured otherwise, by the cluster or another node: entries live for timeToLiveMillis={} where"
                        + " {} is needed; its backups and eviction may differ too",
                map.getName(),
                view.getTtl(),
                expected);
        return Finding.OTHER_LIFE;
    }
}
