package io.g2cache.it;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeClosedException;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * The program of a node that is killed: opens its persistent cache, compares every key with what was acknowledged before,
 * says what it found, and then reads and writes until it is killed, or until its standard input ends, which closes it.
 */
final class NodeToKill {
    static final int KEYS = 2_000;
    static final String CACHE = "numbers";

    private final Truth truth;
    private final G2Cache<String, Long> cache;

    private NodeToKill(Truth truth, G2Cache<String, Long> cache) {
        this.truth = truth;
        this.cache = cache;
    }

    /** Smaller than the number of keys, so that the tier evicts. */
    static CacheSpec<String, Long> spec() {
        return CacheSpec.builder(CACHE, Codecs.string(), Codecs.int64())
                .maximumEntries(KEYS * 3 / 4)
                .averageEntryBytes(64)
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .publish(PublishMode.INVALIDATE)
                .tags((key, value) -> List.of(tag(key)))
                .build();
    }

    /** Some keys share a tag. */
    static String tag(String key) {
        return key.substring(0, key.length() - 1);
    }

    /** Arguments: bootstrap servers, namespace, directory of the tier, file of the truth, seed. */
    public static void main(String[] args) throws Exception {
        Truth truth = new Truth(Path.of(args[3]), KEYS);
        long seed = Long.parseLong(args[4]);
        G2Node node = G2Node.builder()
                .namespace(args[1])
                .local(ChronicleLocal.builder().persistTo(Path.of(args[2])).build())
                .sync(Rig.kafka(args[0]))
                .build();
        long[] acknowledged = new long[KEYS];
        for (int k = 0; k < KEYS; k++) {
            acknowledged[k] = truth.acknowledged(k);
        }
        NodeToKill program = new NodeToKill(truth, node.cache(spec()));
        System.out.println(program.verify(acknowledged));
        for (int t = 0; t < 3; t++) {
            Random random = new Random(seed + t);
            int writer = t;
            Thread thread = new Thread(() -> program.workUntilClosed(random, writer));
            thread.setDaemon(true);
            thread.start();
        }
        while (System.in.read() >= 0) {
            // until the end
        }
        node.close(Duration.ofSeconds(20));
        System.out.println("CLOSED");
        System.exit(0);
    }

    /** What the tier serves by itself must be at least what was acknowledged before it was opened. */
    private String verify(long[] acknowledged) {
        int hits = 0;
        for (int k = 0; k < KEYS; k++) {
            Long held = cache.get(Truth.key(k));
            if (held != null) {
                hits++;
                if (held < acknowledged[k] || held > truth.read(k)) {
                    return "STALE " + Truth.key(k) + "=" + held + " acknowledged=" + acknowledged[k] + " row="
                            + truth.read(k);
                }
            }
        }
        return "VERIFIED hits=" + hits + " cold=" + cache.stats().counter("cold_start") + " replayed="
                + cache.stats().counter("event_replayed");
    }

    private void workUntilClosed(Random random, int writer) {
        try {
            while (true) {
                int any = random.nextInt(KEYS);
                cache.get(Truth.key(any), key -> truth.read(any));
                if (random.nextInt(4) == 0) {
                    write(random, writer);
                }
            }
        } catch (NodeClosedException e) {
            // the end of a node that is not killed
        }
    }

    /** The parent writes every fourth key; each of the three threads here has keys of its own. */
    private void write(Random random, int writer) {
        int key = random.nextInt(KEYS / 4) * 4 + 1 + writer;
        long row = truth.update(key);
        try {
            if (random.nextInt(500) == 0) {
                cache.clear();
            } else if (random.nextInt(4) == 0) {
                cache.invalidateTag(tag(Truth.key(key)));
            } else if (random.nextBoolean()) {
                cache.invalidate(Truth.key(key));
            } else {
                cache.put(Truth.key(key), row);
            }
            truth.acknowledge(key, row);
        } catch (SyncLogException e) {
            System.out.println("WRITE FAILED " + e);
        }
    }
}
