package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.OutCacheProvider;
import io.g2cache.testkit.OutCacheContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two embedded members that form a cluster. */
class MemberContractIT extends OutCacheContract {
    private static HazelcastOut first;
    private static HazelcastOut second;

    @BeforeAll
    static void start() {
        int[] ports = Ports.free(2);
        first = member(ports, 0);
        second = member(ports, 1);
        assertThat(first.instance().getCluster().getMembers()).hasSize(2);
    }

    private static HazelcastOut member(int[] ports, int index) {
        return HazelcastOut.member()
                .clusterName("members")
                .port(ports[index])
                .members(Ports.address(ports[0]), Ports.address(ports[1]))
                .options(Tier.PATIENT)
                .build();
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
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
