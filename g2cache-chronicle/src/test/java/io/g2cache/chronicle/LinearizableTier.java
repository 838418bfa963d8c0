package io.g2cache.chronicle;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * The operations of a local tier, for Lincheck. Key and version together make the value, so that a torn or foreign one
 * shows. The tier is opened once and emptied for each run, as opening a map takes too long.
 */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "version", gen = IntGen.class, conf = "1:4")
public abstract class LinearizableTier {
    private static final long NOW = Tier.NOW;
    private static final KeySpace KEY_SPACE = new KeySpace("linearizable", 1);
    private static final ValueFormat<Long> FORMAT = new ValueFormat<>(Codecs.int64());
    private static final EncodedKey[] KEYS = {encoded(0), encoded(1), encoded(2)};

    private final LocalCache<Long, Long> tier;

    LinearizableTier(LocalCache<Long, Long> tier) {
        this.tier = tier;
        for (int key = 1; key <= 2; key++) {
            tier.discard(KEYS[key]);
        }
    }

    static LocalCache<Long, Long> open(LocalCacheProvider provider, int maximumEntries) {
        return provider.open(new LocalContext<>(
                "linearizable",
                KEY_SPACE,
                Codecs.int64(),
                FORMAT,
                Floors.NONE,
                maximumEntries,
                64,
                1_000,
                false,
                "test",
                TimeSource.SYSTEM));
    }

    private static EncodedKey encoded(long key) {
        return KEY_SPACE.key(Codecs.int64().encode(key));
    }

    private static Entry entry(int key, int version) {
        return Entry.value(version, NOW + 1, NOW + 1, FORMAT.encode(10L * key + version));
    }

    @Operation
    public boolean fill(@Param(name = "key") int key, @Param(name = "version") int version) {
        return tier.fill(KEYS[key], entry(key, version), Admission.ALWAYS);
    }

    @Operation
    public boolean apply(@Param(name = "key") int key, @Param(name = "version") int version) {
        return tier.apply(KEYS[key], entry(key, version), Admission.ALWAYS);
    }

    @Operation
    public boolean remove(@Param(name = "key") int key, @Param(name = "version") int version) {
        return tier.remove(KEYS[key], version);
    }

    @Operation
    public void discard(@Param(name = "key") int key) {
        tier.discard(KEYS[key]);
    }

    @Operation
    public long get(@Param(name = "key") int key) {
        Long value = tier.get((long) key, NOW);
        return value == null ? 0 : value;
    }

    @Operation
    public long find(@Param(name = "key") int key) {
        LocalEntry<Long> found = tier.find(KEYS[key]);
        Long value = found == null ? null : found.value();
        return value == null ? 0 : 100 * found.version() + value;
    }

    /** What one thread alone would see. */
    public static class Sequential {
        private final int maximumEntries;
        private final int[] versions = new int[3];

        Sequential(int maximumEntries) {
            this.maximumEntries = maximumEntries;
        }

        public boolean fill(int key, int version) {
            return store(key, version, versions[key] <= version);
        }

        public boolean apply(int key, int version) {
            return store(key, version, versions[key] < version);
        }

        private boolean store(int key, int version, boolean isNewer) {
            if (isNewer) {
                versions[key] = version;
                if (maximumEntries == 1) {
                    versions[3 - key] = 0;
                }
            }
            return isNewer;
        }

        public boolean remove(int key, int version) {
            boolean removed = versions[key] != 0 && versions[key] < version;
            if (removed) {
                versions[key] = 0;
            }
            return removed;
        }

        public void discard(int key) {
            versions[key] = 0;
        }

        public long get(int key) {
            return versions[key] == 0 ? 0 : 10L * key + versions[key];
        }

        public long find(int key) {
            return versions[key] == 0 ? 0 : 100L * versions[key] + get(key);
        }
    }
}
