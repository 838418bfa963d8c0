package io.g2cache.it.chaos;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.cluster.Address;
import com.hazelcast.config.DiscoveryConfig;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import com.hazelcast.spi.discovery.integration.DiscoveryService;
import io.g2cache.hazelcast.HazelcastOut;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How a node's Hazelcast client comes to the members: by ways that the nemesis can cut. */
final class MemberWays {
    private MemberWays() {}

    /** The client, given {@link NodeSettings#members()}. */
    static HazelcastOut client(String clusterName, String members) {
        List<String> all = Arrays.asList(members.split(","));
        if (!members.contains("=")) {
            return HazelcastOut.client()
                    .clusterName(clusterName)
                    .addresses(all.toArray(String[]::new))
                    .configure(config -> config.getNetworkConfig()
                            .getClusterRoutingConfig()
                            .setRoutingMode(RoutingMode.SINGLE_MEMBER))
                    .build();
        }
        return HazelcastOut.client()
                .clusterName(clusterName)
                .configure(config -> throughWays(config, all))
                .build();
    }

    /** The client looks up each member's address here, whoever told it. */
    private static void throughWays(ClientConfig config, List<String> members) {
        config.setProperty("hazelcast.discovery.enabled", "true");
        config.getNetworkConfig().setAddresses(new ArrayList<>());
        DiscoveryConfig discovery = config.getNetworkConfig().getDiscoveryConfig();
        discovery.setDiscoveryServiceProvider(settings -> new Ways(members.stream()
                .map(member -> member.split("="))
                .map(ends -> (DiscoveryNode) new SimpleDiscoveryNode(address(ends[0]), address(ends[1])))
                .toList()));
    }

    private static Address address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        try {
            return new Address(hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address='" + hostAndPort + "' is of no known host", e);
        }
    }

    private record Ways(List<DiscoveryNode> nodes) implements DiscoveryService {
        @Override
        public void start() {
            // nothing to start
        }

        @Override
        public Iterable<DiscoveryNode> discoverNodes() {
            return nodes;
        }

        @Override
        public void destroy() {
            // nothing to end
        }

        @Override
        public Map<String, String> discoverLocalMetadata() {
            return Map.of();
        }
    }
}
