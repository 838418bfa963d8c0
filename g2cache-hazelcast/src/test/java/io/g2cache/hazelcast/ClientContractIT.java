package io.g2cache.hazelcast;

import io.g2cache.spi.OutCacheProvider;
import io.g2cache.testkit.OutCacheContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two clients of two stock servers, which know nothing of this product. */
class ClientContractIT extends OutCacheContract {
    private static List<StockServer> servers = List.of();
    private static HazelcastOut first;
    private static HazelcastOut second;

    @BeforeAll
    static void start() {
        int[] ports = Ports.free(2);
        servers = StockServer.cluster("stock", "", ports);
        first = client(ports);
        second = client(ports);
        Tier.awaitConnected(first);
        Tier.awaitConnected(second);
    }

    private static HazelcastOut client(int[] ports) {
        return HazelcastOut.client()
                .clusterName("stock")
                .addresses(Ports.address(ports[0]), Ports.address(ports[1]))
                .options(Tier.PATIENT)
                .build();
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
        servers.forEach(StockServer::close);
    }

    @Override
    protected OutCacheProvider provider() {
        return HazelcastOut.using(first.instance(), Tier.PATIENT);
    }

    @Override
    protected OutCacheProvider secondProvider() {
        return HazelcastOut.using(second.instance(), Tier.PATIENT);
    }
}
