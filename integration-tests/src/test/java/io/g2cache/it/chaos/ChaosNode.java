package io.g2cache.it.chaos;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2CacheException;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.it.chaos.NodeSettings.Role;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.spi.SyncLogProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The program of a node that the nemesis torments, and of its clients. It lives until it is killed, or until its standard input
 * ends. A node that cannot start because the log is away tries again.
 */
final class ChaosNode {
    private static final int PARTITIONS = 6;
    private static final int LONGEST_LOAD_MILLIS = 20;

    private ChaosNode() {}

    /** Argument: the file of the settings. */
    public static void main(String[] args) throws Exception {
        NodeSettings settings = NodeSettings.load(Path.of(args[0]));
        System.setProperty("org.slf4j.simpleLogger.logFile", settings.log().toString());
        System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
        System.setProperty("org.slf4j.simpleLogger.log.io.g2cache", "info");
        SqlRows rows = new SqlRows(settings.url(), settings.password());
        HistoryWriter history = new HistoryWriter(settings.history());
        Reporter reporter = new Reporter(settings, history, rows);
        reporter.start();
        Thread parent = new Thread(ChaosNode::endWithParent, "parent");
        parent.setDaemon(true);
        parent.start();
        G2Node node = open(settings);
        CacheSpecBuilder<String, Long> plain = spec("plain", settings, rows);
        CacheSpecBuilder<String, Long> queued = spec("queued", settings, rows);
        if (settings.role() != Role.OUT_VIEW) {
            plain.publish(PublishMode.VALUE).tags((key, value) -> List.of(KeySpace.tag(KeySpace.number(key))));
            queued.whenLogIsAway(WhenLogIsAway.QUEUE);
        }
        G2Cache<String, Long> first = node.cache(plain.build());
        G2Cache<String, Long> second = node.cache(queued.build());
        Clients clients = new Clients(settings, first, second, rows, history);
        reporter.opened(node, clients);
        while (true) {
            TimeUnit.HOURS.sleep(1);
        }
    }

    /** A process whose parent is gone ends. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // until the end
            }
        } catch (IOException e) {
            System.err.println("input broken: " + e);
        }
        Runtime.getRuntime().halt(0);
    }

    private static G2Node open(NodeSettings settings) throws InterruptedException {
        while (true) {
            try {
                return builder(settings).build();
            } catch (G2CacheException e) {
                System.err.println("node " + settings.number() + " does not start yet: " + e);
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }
    }

    private static G2NodeBuilder builder(NodeSettings settings) {
        SyncLogProvider log = KafkaSync.builder()
                .bootstrapServers(settings.brokers())
                .partitions(PARTITIONS)
                .replicationFactor(3)
                .requestTimeout(Duration.ofSeconds(2))
                .deliveryTimeout(Duration.ofSeconds(2))
                .property("client.id", "node-" + settings.number())
                .property("session.timeout.ms", "6000")
                .property("heartbeat.interval.ms", "1000")
                .property("reconnect.backoff.max.ms", "500")
                .build();
        G2NodeBuilder builder = G2Node.builder()
                .namespace(settings.namespace())
                .maxStaleness(NodeSettings.MAX_STALENESS)
                .out(MemberWays.client(settings.namespace(), settings.members()))
                .sync(settings.role() == Role.DEAF ? new DeafLog(log) : log);
        if (settings.role() == Role.OUT_VIEW) {
            return builder;
        }
        return builder.local(ChronicleLocal.builder()
                        .persistTo(settings.directory().resolve("tier"))
                        .build())
                .writeQueue(WriteQueue.in(settings.directory().resolve("queue")).withForced(false))
                .requireLogAtStart(settings.number() != KeySpace.NODES)
                .auditKeysPerSecond(50);
    }

    private static CacheSpecBuilder<String, Long> spec(String name, NodeSettings settings, SqlRows rows) {
        CacheSpecBuilder<String, Long> spec = CacheSpec.builder(name, Codecs.string(), Codecs.int64())
                .maximumEntries(KeySpace.KEYS / 2)
                .averageEntryBytes(64)
                .lifetime(Lifetime.hard(Duration.ofHours(1)));
        if (settings.role() != Role.OUT_VIEW) {
            spec.loader(key -> {
                long version = rows.read(KeySpace.number(key));
                int slow = ThreadLocalRandom.current().nextInt(2 * LONGEST_LOAD_MILLIS) - LONGEST_LOAD_MILLIS;
                TimeUnit.MILLISECONDS.sleep(Math.max(0, slow));
                return version;
            });
        }
        return spec;
    }
}
