package io.g2cache.bench.peers;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.g2cache.testkit.TcpProxy;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hazelcast's map with its Near Cache: two clients of one member, or two members. A member has no connection to lose but that
 * to the other member; where it is cut, both go on alone, and join again when Hazelcast finds the time.
 */
final class HazelcastNodes extends ProxiedNodes {
    private final IMap<String, byte[]> writer;
    private final IMap<String, byte[]> reader;

    private HazelcastNodes(Parts parts, HazelcastInstance writer, HazelcastInstance reader) {
        super(parts);
        this.writer = writer.getMap(HazelcastMembers.MAP);
        this.reader = reader.getMap(HazelcastMembers.MAP);
    }

    /** Two clients of one member. */
    static PeerNodes clients(Parts parts, int nearEntries) throws IOException {
        String cluster = newCluster();
        int port = Ports.free();
        TcpProxy proxy = parts.proxy(port);
        member(parts, HazelcastMembers.member(cluster, port, proxy.port(), List.of()));
        return new HazelcastNodes(
                parts, client(parts, cluster, port, nearEntries), client(parts, cluster, proxy.port(), nearEntries));
    }

    /** Two members, each of which the other reaches by a proxy. */
    static PeerNodes members(Parts parts, int nearEntries) throws IOException {
        String cluster = newCluster();
        int one = Ports.free();
        int two = Ports.free();
        TcpProxy toOne = parts.proxy(one);
        TcpProxy toTwo = parts.proxy(two);
        List<Integer> all = List.of(toOne.port(), toTwo.port());
        Config first = HazelcastMembers.member(cluster, one, toOne.port(), all);
        Config second = HazelcastMembers.member(cluster, two, toTwo.port(), all);
        for (Config config : List.of(first, second)) {
            config.getMapConfig(HazelcastMembers.MAP).setNearCacheConfig(HazelcastMembers.nearCache(nearEntries));
        }
        return new HazelcastNodes(parts, member(parts, first), member(parts, second));
    }

    static String newCluster() {
        return "bench-" + UUID.randomUUID();
    }

    static HazelcastInstance member(Parts parts, Config config) {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        parts.add(() -> member.getLifecycleService().terminate());
        return member;
    }

    private static HazelcastInstance client(Parts parts, String cluster, int port, int nearEntries) {
        ClientConfig config = new ClientConfig()
                .setClusterName(cluster)
                .setProperty("hazelcast.logging.type", "slf4j")
                .addNearCacheConfig(HazelcastMembers.nearCache(nearEntries));
        config.getNetworkConfig()
                .addAddress("127.0.0.1:" + port)
                .getClusterRoutingConfig()
                .setRoutingMode(RoutingMode.SINGLE_MEMBER);
        HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
        parts.add(client::shutdown);
        return client;
    }

    @Override
    public void put(String key, byte[] value) {
        writer.set(key, value);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return reader.get(key);
    }
}
