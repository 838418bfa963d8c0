package io.g2cache.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class PeerTest {
    @Test
    void everyPeerSaysHowItIsConfigured() {
        assertThat(Peer.values())
                .extracting(Peer::settings)
                .doesNotHaveDuplicates()
                .allMatch(text -> !text.isBlank());
    }

    @Test
    void readsOfTheSharedTierAreMeasuredForEachThatHasOne() throws Exception {
        Param param = SharedReadBenchmark.Nodes.class.getField("peer").getAnnotation(Param.class);
        assertThat(param.value())
                .containsExactlyInAnyOrder(Arrays.stream(Peer.values())
                        .filter(Peer::hasSharedTier)
                        .map(Peer::name)
                        .toArray(String[]::new));
    }

    @Test
    void aValueHasItsNumberAndItsSize() {
        assertThat(Values.of(7)).hasSize(Values.BYTES);
        assertThat(Values.number(Values.of(7))).isEqualTo(7);
        assertThat(Values.number(null)).isEqualTo(-1);
    }
}
