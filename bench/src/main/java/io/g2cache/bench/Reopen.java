package io.g2cache.bench;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The program of {@link ReopenFigure}: {@code fill DIRECTORY} fills a persistent cache and waits for the end of its standard
 * input to close it, or to be killed; {@code open DIRECTORY} opens it again and prints how many milliseconds the first
 * hit took, and how many entries there are.
 */
final class Reopen {
    static final int ENTRIES = 1_000_000;
    static final String FILLED = "FILLED";
    private static final int VALUE_BYTES = 100;

    /** The housekeeper notes a checkpoint twice a second. */
    private static final long UNTIL_CHECKPOINT_MILLIS = 2_000;

    private Reopen() {}

    /** Runs one of the two. */
    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        G2Node node = G2Node.builder()
                .local(ChronicleLocal.builder().persistTo(Path.of(args[1])).build())
                .build();
        G2Cache<Long, byte[]> cache = node.cache(CacheSpec.builder("reopen", Codecs.int64(), Codecs.bytes())
                .maximumEntries(ENTRIES)
                .averageEntryBytes(VALUE_BYTES + Long.BYTES + 16)
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .build());
        if (args[0].equals("fill")) {
            fill(node, cache);
        } else {
            byte[] hit = null;
            for (long k = 0; hit == null && k < ENTRIES; k++) {
                hit = cache.get(k);
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.println((hit == null ? -1 : millis) + " " + cache.estimatedSize());
            node.close();
        }
        System.exit(0);
    }

    private static void fill(G2Node node, G2Cache<Long, byte[]> cache) throws Exception {
        byte[] value = new byte[VALUE_BYTES];
        Random random = new Random(1);
        for (long k = 0; k < ENTRIES; k++) {
            random.nextBytes(value);
            cache.put(k, value.clone());
        }
        TimeUnit.MILLISECONDS.sleep(UNTIL_CHECKPOINT_MILLIS);
        System.out.println(FILLED);
        while (System.in.read() >= 0) {
            // until the end
        }
        node.close();
    }
}
