package io.g2cache.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.g2cache.chronicle.ChronicleLocal;
import java.util.Objects;
import java.util.Random;

/**
 * Fills a cache with entries of 100 bytes, reads some of them over and over, and prints the heap in MB and the milliseconds of
 * a full collection. Arguments: {@code tier} or {@code caffeine}, and how many entries.
 */
final class HeapProbe {
    private static final int READS = 2_000_000;
    private static final int READ_KEYS = 200_000;
    private static final double BYTES_PER_MB = 1e6;

    private HeapProbe() {}

    private interface Store {
        void put(String key, byte[] value);

        byte[] get(String key);
    }

    public static void main(String[] args) {
        int entries = Integer.parseInt(args[1]);
        Store store = args[0].equals("tier") ? tier(entries) : caffeine(entries);
        Random random = new Random(1);
        for (int i = 0; i < entries; i++) {
            byte[] value = new byte[Workload.VALUE_BYTES];
            random.nextBytes(value);
            store.put(key(i), value);
        }
        for (int i = 0; i < READS; i++) {
            Objects.requireNonNull(store.get(key(random.nextInt(READ_KEYS))));
        }
        double megabytes = Heap.usedBytes() / BYTES_PER_MB;
        System.out.println(megabytes + " " + Heap.collectMillis());
        Objects.requireNonNull(store.get(key(1)));
        System.exit(0);
    }

    private static String key(int i) {
        return "key-" + Integer.toHexString(i * 0x9E3779B1);
    }

    private static Store tier(int entries) {
        LocalTier tier = new LocalTier(ChronicleLocal.builder().build(), entries + entries / 20);
        return new Store() {
            @Override
            public void put(String key, byte[] value) {
                tier.put(key, LocalTier.stored(value));
            }

            @Override
            public byte[] get(String key) {
                return Objects.requireNonNull(tier.get(key));
            }
        };
    }

    private static Store caffeine(int entries) {
        Cache<String, byte[]> cache =
                Caffeine.newBuilder().maximumSize(entries + entries / 20).build();
        return new Store() {
            @Override
            public void put(String key, byte[] value) {
                cache.put(key, value);
            }

            @Override
            public byte[] get(String key) {
                return Objects.requireNonNull(cache.getIfPresent(key));
            }
        };
    }
}
