package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.Lifetime;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.hazelcast.OutOptions;
import io.g2cache.kafka.KafkaSync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes of one deployment, each with a Hazelcast member of its own where there is an out tier. Used by one thread.
 */
final class Rig implements AutoCloseable {
    static final int PARTITIONS = 4;
    private static final Duration COUNTED = Duration.ofSeconds(12);

    /** A member that has just joined is given partitions, and calls for those wait and are repeated meanwhile, on a busy machine for seconds. */
    private static final OutOptions PATIENT =
            OutOptions.DEFAULTS.withReadTimeout(Duration.ofSeconds(10)).withWriteTimeout(Duration.ofSeconds(10));

    private final String namespace = "it-" + UUID.randomUUID();
    private String clusterName = namespace;
    private final boolean offHeap;
    private final boolean out;
    private final @Nullable String bootstrapServers;
    private final List<String> members = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();
    private final List<G2Node> nodes = new ArrayList<>();
    private int audited;
    private OutOptions options = OutOptions.DEFAULTS;

    /** A deployment with the given modules; without bootstrap servers there is no log. */
    Rig(boolean offHeap, boolean out, @Nullable String bootstrapServers) {
        this.offHeap = offHeap;
        this.out = out;
        this.bootstrapServers = bootstrapServers;
    }

    /** All modules, the nodes being clients of servers that are there already. */
    static Rig clients(String bootstrapServers, String clusterName, List<String> servers) {
        Rig rig = full(bootstrapServers);
        rig.clusterName = clusterName;
        rig.servers.addAll(servers);
        return rig;
    }

    /** All modules. */
    static Rig full(String bootstrapServers) {
        return new Rig(true, true, bootstrapServers);
    }

    G2Node start() {
        return start(builder());
    }

    G2Node start(G2NodeBuilder builder) {
        G2Node node = builder.build();
        nodes.add(node);
        return node;
    }

    List<G2Node> start(int count) {
        for (int i = 0; i < count; i++) {
            start();
        }
        return List.copyOf(nodes);
    }

    G2NodeBuilder builder() {
        G2NodeBuilder builder = G2Node.builder().namespace(namespace).auditKeysPerSecond(audited);
        if (offHeap) {
            builder.local(ChronicleLocal.builder().build());
        }
        if (out) {
            builder.out(servers.isEmpty() ? member() : client());
        }
        if (bootstrapServers != null) {
            builder.sync(kafka(bootstrapServers));
        }
        return builder;
    }

    /** Nodes that are built from now on wait for the out tier rather than do without it: where calls are counted. */
    Rig patient() {
        options = PATIENT;
        return this;
    }

    /** Nodes that are built from now on audit themselves, as fast as they may. */
    Rig audited() {
        audited = 100;
        return this;
    }

    /**
     * The auditors of all nodes have looked at something, and have found nothing to count so far. They count what they see now only
     * in ten seconds.
     */
    void assertAuditedSoFar() {
        Awaitility.await().until(() -> counted("audit_checked") > 0);
        assertThat(counted("audit_difference")).isZero();
    }

    /** The same, and what is wrong now would be counted: waits for longer than the auditors do. */
    void assertAudited() {
        assertAuditedSoFar();
        Awaitility.await()
                .during(COUNTED)
                .atMost(COUNTED.multipliedBy(2))
                .until(() -> counted("audit_difference") == 0);
    }

    private long counted(String counter) {
        return nodes.stream()
                .flatMap(node -> node.caches().stream())
                .mapToLong(cache -> cache.stats().counter(counter))
                .sum();
    }

    /** The log of this deployment, as every node opens it. */
    static KafkaSync kafka(String bootstrapServers) {
        return KafkaSync.builder()
                .bootstrapServers(bootstrapServers)
                .partitions(PARTITIONS)
                .replicationFactor(1)
                .build();
    }

    String namespace() {
        return namespace;
    }

    private HazelcastOut member() {
        int port = freePort();
        members.add("127.0.0.1:" + port);
        return HazelcastOut.member()
                .clusterName(clusterName)
                .port(port)
                .members(members.toArray(String[]::new))
                .options(options)
                .build();
    }

    private HazelcastOut client() {
        return HazelcastOut.client()
                .clusterName(clusterName)
                .addresses(servers.toArray(String[]::new))
                .options(options)
                .build();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cache of text, each node with the same name and an equal specification. */
    static CacheSpecBuilder<String, String> text(String name) {
        return CacheSpec.builder(name, Codecs.string(), Codecs.string())
                .maximumEntries(10_000)
                .lifetime(Lifetime.of(Duration.ofMinutes(5)));
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.close(Duration.ofSeconds(10)));
    }
}
