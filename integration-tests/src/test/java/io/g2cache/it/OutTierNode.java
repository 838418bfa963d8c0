package io.g2cache.it;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.hazelcast.OutOptions;
import io.g2cache.kafka.KafkaSync;
import java.time.Duration;
import java.util.List;

/**
 * The program of a node with an out tier, and so of a materialiser, that is killed or stopped: says READY, and is there until
 * then, or until its standard input ends.
 */
final class OutTierNode {
    static final String CACHE = "numbers";

    private OutTierNode() {}

    /** Puts are published with their values, so that the log can rebuild the out tier. */
    static CacheSpecBuilder<String, Long> spec() {
        return CacheSpec.builder(CACHE, Codecs.string(), Codecs.int64())
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .publish(PublishMode.VALUE);
    }

    /** The log of a node whose partitions others have a few seconds after its death; the name tells it apart in its group. */
    static KafkaSync log(String bootstrapServers, String name) {
        return KafkaSync.builder()
                .bootstrapServers(bootstrapServers)
                .partitions(Rig.PARTITIONS)
                .replicationFactor(1)
                .property("client.id", name)
                .property("session.timeout.ms", "3000")
                .property("heartbeat.interval.ms", "500")
                .build();
    }

    /** A client whose one way to the cluster leads through this port. */
    static HazelcastOut throughPort(String clusterName, int port) {
        return HazelcastOut.client()
                .clusterName(clusterName)
                .addresses("127.0.0.1:" + port)
                .options(OutOptions.DEFAULTS.withBackupCount(0))
                .configure(config -> config.getNetworkConfig()
                        .getClusterRoutingConfig()
                        .setRoutingMode(com.hazelcast.client.config.RoutingMode.SINGLE_MEMBER))
                .build();
    }

    /** A member of its own, whose entries have so many backups. */
    static HazelcastOut member(String clusterName, int backups, int port, List<String> members) {
        return HazelcastOut.member()
                .clusterName(clusterName)
                .port(port)
                .members(members.toArray(String[]::new))
                .options(OutOptions.DEFAULTS.withBackupCount(backups))
                .build();
    }

    /**
     * Arguments: bootstrap servers, namespace, name, cluster name of the out tier, and either the port of a client, or backups,
     * port of the member, and the members.
     */
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[4]);
        HazelcastOut out = args.length == 5
                ? throughPort(args[3], port)
                : member(args[3], Integer.parseInt(args[5]), port, List.of(args[6].split(",")));
        G2Node node = G2Node.builder()
                .namespace(args[1])
                .out(out)
                .sync(log(args[0], args[2]))
                .build();
        G2Cache<String, Long> cache = node.cache(spec().build());
        System.out.println("READY " + cache.name());
        while (System.in.read() >= 0) {
            // until the end
        }
        node.close(Duration.ofSeconds(10));
        System.exit(0);
    }
}
