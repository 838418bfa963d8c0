package io.g2cache.testkit.kafka;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which broker of its cluster a broker is, and the loopback ports that are its own. Immutable.
 *
 * @param nodeId number in the cluster, from 1
 * @param clusterSize how many brokers the cluster has
 * @param voters the controllers of the cluster, as Kafka wants them written
 * @param port port for clients and other brokers
 * @param controllerPort port of its controller
 * @param securedPort port of the secured listener
 * @param proxiedPorts ports that proxies forward to
 */
record BrokerPlace(
        int nodeId,
        int clusterSize,
        String voters,
        int port,
        int controllerPort,
        int securedPort,
        List<Integer> proxiedPorts) {
    private static final int OWN_PORTS = 3;

    /** The place of a broker without peers. */
    static BrokerPlace alone() {
        return cluster(1, 1).get(0);
    }

    /** A place for each broker of a cluster, with so many ports for proxies, all of which were free a moment ago. */
    static List<BrokerPlace> cluster(int size, int proxied) {
        int each = OWN_PORTS + proxied;
        Set<Integer> distinct = new LinkedHashSet<>();
        while (distinct.size() < size * each) {
            distinct.add(FreePorts.next());
        }
        List<Integer> ports = List.copyOf(distinct);
        List<String> voters = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            voters.add((i + 1) + "@127.0.0.1:" + ports.get(i * each + 1));
        }
        List<BrokerPlace> places = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int first = i * each;
            places.add(new BrokerPlace(
                    i + 1,
                    size,
                    String.join(",", voters),
                    ports.get(first),
                    ports.get(first + 1),
                    ports.get(first + 2),
                    ports.subList(first + OWN_PORTS, first + each)));
        }
        return List.copyOf(places);
    }
}
