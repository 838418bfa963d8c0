package io.g2cache.hazelcast;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.testkit.OutCacheContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A member and its client, both started by somebody else with a configuration of their own. */
class MixedContractIT extends OutCacheContract {
    private static HazelcastInstance member;
    private static HazelcastInstance client;

    @BeforeAll
    static void start() {
        int port = Ports.free(1)[0];
        Config config = new Config()
                .setClusterName("mixed")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().setPort(port).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        member = Hazelcast.newHazelcastInstance(config);
        ClientConfig clientConfig =
                new ClientConfig().setClusterName("mixed").setProperty("hazelcast.logging.type", "slf4j");
        clientConfig.getNetworkConfig().addAddress(Ports.address(port));
        client = HazelcastClient.newHazelcastClient(clientConfig);
    }

    @AfterAll
    static void stop() {
        client.shutdown();
        member.shutdown();
    }

    @Override
    protected OutCacheProvider provider() {
        return HazelcastOut.using(member, Tier.PATIENT);
    }

    @Override
    protected OutCacheProvider secondProvider() {
        return HazelcastOut.using(client, Tier.PATIENT);
    }
}
