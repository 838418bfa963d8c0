package io.g2cache.bench;

import com.sun.management.OperatingSystemMXBean;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.Lifetime;
import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A node on a log, in a JVM of its own. {@code fill SERVERS NAMESPACE DIRECTORY} fills a kept tier with a million entries and
 * closes it; {@code catch-up SERVERS NAMESPACE DIRECTORY} prints the milliseconds from the node's start until that tier is up to date,
 * the events replayed and the entries there; {@code idle SERVERS NAMESPACE} prints the percent of a core that the node uses while
 * nothing happens; {@code heap SERVERS NAMESPACE} prints the heap in MB that is left after the log was read.
 */
final class LogNodeProbe {
    static final int ENTRIES = 1_000_000;
    private static final int WARM_UP_SECONDS = 40;
    private static final int IDLE_SECONDS = 25;
    private static final double BYTES_PER_MB = 1e6;
    private static final double PERCENT_PER_NANO = 100.0 / TimeUnit.SECONDS.toNanos(1);

    private LogNodeProbe() {}

    public static void main(String[] args) throws Exception {
        long start = System.nanoTime();
        G2NodeBuilder builder = G2Node.builder().namespace(args[2]).sync(Logs.on(args[1]));
        builder.local(
                args.length > 3
                        ? ChronicleLocal.builder().persistTo(Path.of(args[3])).build()
                        : ChronicleLocal.builder().build());
        G2Node node = builder.build();
        G2Cache<Long, byte[]> cache = node.cache(CacheSpec.builder(FilledLog.CACHE, Codecs.int64(), Codecs.bytes())
                .maximumEntries(ENTRIES)
                .averageEntryBytes(Workload.VALUE_BYTES + Long.BYTES + 16)
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .publish(PublishMode.VALUE)
                .loader(key -> new byte[Workload.VALUE_BYTES])
                .build());
        awaitReady(node);
        switch (args[0]) {
            case "fill" -> {
                for (long k = 0; k < ENTRIES; k++) {
                    cache.get(k);
                }
                System.out.println(cache.estimatedSize());
            }
            case "catch-up" ->
                System.out.println(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " "
                        + cache.stats().counter("event_replayed") + " " + cache.estimatedSize());
            case "idle" -> System.out.println(idlePercent());
            case "heap" -> System.out.println(Heap.usedBytes() / BYTES_PER_MB);
            default -> throw new IllegalArgumentException("unknown: " + args[0]);
        }
        node.close();
        System.exit(0);
    }

    private static void awaitReady(G2Node node) throws InterruptedException {
        while (node.status().state() != NodeState.READY) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static double idlePercent() throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        long cpu = system.getProcessCpuTime();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        return (system.getProcessCpuTime() - cpu) * PERCENT_PER_NANO / IDLE_SECONDS;
    }
}
