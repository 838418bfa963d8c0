package io.g2cache.bench.peers;

import com.hazelcast.client.config.RoutingMode;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two nodes of ours, off-heap, with a log, a shared tier of one stock member, or both. */
final class G2CacheNodes extends ProxiedNodes {
    private static final Duration LIFE = Duration.ofDays(1);
    private static final int ENTRY_BYTES = 160;

    private final int nearEntries;
    private final PublishMode publish;
    private final G2Cache<String, byte[]> writer;
    private final G2Cache<String, byte[]> reader;

    private G2CacheNodes(Parts parts, int nearEntries, PublishMode publish, boolean hasOut, boolean hasLog)
            throws IOException {
        super(parts);
        this.nearEntries = nearEntries;
        this.publish = publish;
        G2NodeBuilder writing = G2Node.builder().namespace("peers");
        G2NodeBuilder reading = G2Node.builder().namespace("peers");
        if (hasOut) {
            String cluster = HazelcastNodes.newCluster();
            int port = Ports.free();
            TcpProxy proxy = parts.proxy(port);
            var unused = HazelcastNodes.member(parts, HazelcastMembers.member(cluster, port, proxy.port(), List.of()));
            writing.out(out(cluster, port));
            reading.out(out(cluster, proxy.port()));
        }
        if (hasLog) {
            TcpProxy proxy = parts.proxy();
            KafkaBroker broker =
                    parts.add(KafkaBroker.builder().proxyPort(proxy.port()).start());
            proxy.target(broker.proxiedPort());
            writing.sync(log(broker.bootstrapServers()));
            reading.sync(log("127.0.0.1:" + proxy.port()));
        }
        writer = open(writing);
        reader = open(reading);
    }

    /** All modules, as they are by default: a put tells the others that the key has changed. */
    static PeerNodes full(Parts parts, int nearEntries) throws IOException {
        return new G2CacheNodes(parts, nearEntries, PublishMode.INVALIDATE, true, true);
    }

    /** All modules; a put tells the value. */
    static PeerNodes values(Parts parts, int nearEntries) throws IOException {
        return new G2CacheNodes(parts, nearEntries, PublishMode.VALUE, true, true);
    }

    /** No shared tier: a put tells the value. */
    static PeerNodes withoutOut(Parts parts, int nearEntries) throws IOException {
        return new G2CacheNodes(parts, nearEntries, PublishMode.VALUE, false, true);
    }

    /** No log: nobody is told. */
    static PeerNodes withoutLog(Parts parts, int nearEntries) throws IOException {
        return new G2CacheNodes(parts, nearEntries, PublishMode.INVALIDATE, true, false);
    }

    private HazelcastOut out(String cluster, int port) {
        return parts().add(HazelcastOut.client()
                .clusterName(cluster)
                .addresses("127.0.0.1:" + port)
                .requireAtStart(Duration.ofSeconds(20))
                .configure(config ->
                        config.getNetworkConfig().getClusterRoutingConfig().setRoutingMode(RoutingMode.SINGLE_MEMBER))
                .build());
    }

    private static KafkaSync log(String servers) {
        return KafkaSync.builder()
                .bootstrapServers(servers)
                .replicationFactor(1)
                .build();
    }

    private G2Cache<String, byte[]> open(G2NodeBuilder builder) {
        G2Node node =
                parts().add(builder.local(ChronicleLocal.builder().build()).build());
        return node.cache(CacheSpec.builder("bench", Codecs.string(), Codecs.bytes())
                .lifetime(Lifetime.hard(LIFE))
                .maximumEntries(nearEntries)
                .averageEntryBytes(ENTRY_BYTES)
                .publish(publish)
                .build());
    }

    @Override
    public void put(String key, byte[] value) {
        var unused = writer.put(key, value);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return reader.get(key);
    }
}
