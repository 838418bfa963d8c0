package io.g2cache.it;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2CacheException;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeClosedException;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.kafka.KafkaSync;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The program of a process that goes on for long: one node stays, another is closed and built again whenever a line says so, and
 * both have a steady load. Each line is answered by what the process holds then.
 */
final class SoakNode {
    private static final int KEYS = 6_000;
    private static final int MOST_ENTRIES = 4_000;
    private static final int MOST_VALUE_BYTES = 600;
    private static final int WRITE_EVERY = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String bootstrap;
    private final String namespace;
    private final int port;
    private final Path directory;
    private final long started = System.nanoTime();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile G2Cache<String, byte[]> staying;
    private volatile G2Cache<String, byte[]> changing;

    private SoakNode(String bootstrap, String namespace, int port, Path directory) {
        this.bootstrap = bootstrap;
        this.namespace = namespace;
        this.port = port;
        this.directory = directory;
        this.staying = cache(node("staying"));
        this.changing = staying;
    }

    /** Arguments: bootstrap servers, namespace, which is the cluster's name too, port of a server, directory. */
    public static void main(String[] args) throws Exception {
        SoakNode program = new SoakNode(args[0], args[1], Integer.parseInt(args[2]), Path.of(args[3]));
        program.run();
        System.exit(0);
    }

    private void run() throws IOException {
        G2Node changed = node("changing");
        changing = cache(changed);
        for (int thread = 0; thread < 2; thread++) {
            Random random = new Random(thread);
            Thread work = new Thread(() -> work(random), "soak-work-" + thread);
            work.setDaemon(true);
            work.start();
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            changing = staying;
            changed.close(PATIENCE);
            changed = node("changing");
            changing = cache(changed);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
            System.out.println(Gauges.take(seconds, directory).text() + " operations=" + operations + " failures="
                    + failures + " cold=" + changing.stats().counter("cold_start") + " differences="
                    + (changing.stats().counter("audit_difference")
                            + staying.stats().counter("audit_difference")));
        }
    }

    private G2Node node(String name) {
        return G2Node.builder()
                .namespace(namespace)
                .local(ChronicleLocal.builder()
                        .persistTo(directory.resolve(name))
                        .build())
                .out(HazelcastOut.client()
                        .clusterName(namespace)
                        .addresses("127.0.0.1:" + port)
                        .build())
                .sync(KafkaSync.builder()
                        .bootstrapServers(bootstrap)
                        .partitions(Rig.PARTITIONS)
                        .replicationFactor(1)
                        .requestTimeout(PATIENCE)
                        .build())
                .writeQueue(WriteQueue.in(directory.resolve(name + "-queue")))
                .auditKeysPerSecond(20)
                .build();
    }

    private static G2Cache<String, byte[]> cache(G2Node node) {
        return node.cache(CacheSpec.builder("texts", Codecs.string(), Codecs.bytes())
                .maximumEntries(MOST_ENTRIES)
                .averageEntryBytes(MOST_VALUE_BYTES / 2)
                .lifetime(Lifetime.of(Duration.ofSeconds(20), Duration.ofSeconds(40)))
                .failSafeFor(Duration.ofSeconds(10))
                .refreshAhead(1)
                .whenLogIsAway(WhenLogIsAway.QUEUE)
                .loader(SoakNode::load)
                .build());
    }

    private static byte[] load(String key) {
        byte[] value = new byte[100 + Math.floorMod(key.hashCode() * 31, MOST_VALUE_BYTES - 100)];
        Arrays.fill(value, (byte) key.hashCode());
        return value;
    }

    /** Some hundred and fifty operations a second and thread; a cache may be closed under its hands. */
    private void work(Random random) {
        for (int i = 0; true; i++) {
            G2Cache<String, byte[]> cache = random.nextBoolean() ? staying : changing;
            String key = "key-" + random.nextInt(KEYS);
            try {
                if (random.nextInt(WRITE_EVERY) > 0) {
                    cache.get(key);
                } else if (random.nextBoolean()) {
                    cache.invalidate(key);
                } else {
                    cache.put(key, load(key));
                }
                operations.incrementAndGet();
            } catch (NodeClosedException e) {
                // the node that is changed just now
            } catch (G2CacheException e) {
                failures.incrementAndGet();
            }
            if (i % 10 == 0) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(60);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
