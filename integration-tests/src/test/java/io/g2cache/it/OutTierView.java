package io.g2cache.it;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Looks at what the out tier of a cache holds, past every node. Thread-safe. */
final class OutTierView implements AutoCloseable {
    /** The version of a key that nothing is held of. */
    static final long NOTHING = -1;

    private final OutCache tier;
    private final KeySpace keys;

    /** Of the nodes' default lifetimes. */
    OutTierView(OutCacheProvider out, String namespace, String cache, String generation) {
        this.tier = out.open(new OutContext(
                namespace, cache, generation, Duration.ofDays(7).plusMinutes(1), Runnable::run, TimeSource.SYSTEM));
        this.keys = new KeySpace(cache, Rig.PARTITIONS);
    }

    EncodedKey key(String name) {
        return keys.key(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The version of each key; fails where the tier does not answer. */
    Map<String, Long> versions(Collection<String> names) {
        Map<EncodedKey, String> wanted = new HashMap<>();
        names.forEach(name -> wanted.put(key(name), name));
        Map<String, Long> versions = new HashMap<>();
        tier.readAll(wanted.keySet()).join().forEach((key, slot) -> versions.put(wanted.get(key), slot.version()));
        return versions;
    }

    @Override
    public void close() {
        tier.close();
    }
}
