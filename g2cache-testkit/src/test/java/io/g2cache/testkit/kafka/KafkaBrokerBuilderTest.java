package io.g2cache.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KafkaBrokerBuilderTest {
    @Test
    void badSettingsAreRefusedAtOnce() {
        assertThatThrownBy(() -> KafkaBroker.builder().user("a b", "c")).hasMessageContaining("a b");
        assertThatThrownBy(() -> KafkaBroker.builder().user("a", "c\"; x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("c\"");
        assertThatThrownBy(() -> KafkaCluster.builder().size(0)).hasMessageContaining("size=0");
        assertThatThrownBy(() -> KafkaCluster.builder().property(" ", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KafkaCluster.builder().startTimeout(Duration.ZERO))
                .hasMessageContaining("PT0S");
        try (KafkaCluster cluster = KafkaCluster.builder().size(2).build()) {
            assertThat(cluster.broker(2).nodeId()).isEqualTo(2);
            assertThatThrownBy(() -> cluster.broker(3)).hasMessageContaining("nodeId=3");
        }
    }

    @Test
    void brokersOfAClusterShareNoPortAndKnowEachOther() {
        List<BrokerPlace> places = BrokerPlace.cluster(3, 2);
        assertThat(places.stream()
                        .flatMap(place -> Stream.concat(
                                Stream.of(place.port(), place.controllerPort(), place.securedPort()),
                                place.proxiedPorts().stream())))
                .hasSize(15)
                .doesNotHaveDuplicates();
        String voters = "1@127.0.0.1:%d,2@127.0.0.1:%d,3@127.0.0.1:%d"
                .formatted(places.stream().map(BrokerPlace::controllerPort).toArray());
        assertThat(places).allSatisfy(place -> assertThat(place.voters()).isEqualTo(voters));
    }

    @Test
    void whatTheUserSetsReplacesADefault() {
        BrokerOptions options = new BrokerOptions(
                Map.of("broker.session.timeout.ms", "7"), Duration.ofSeconds(1), List.of(7, 8), Map.of());
        Properties properties =
                BrokerProperties.of(Path.of("d"), BrokerPlace.cluster(3, 2).get(1), options, null);
        assertThat(properties)
                .containsEntry("broker.session.timeout.ms", "7")
                .containsEntry("node.id", "2")
                .hasEntrySatisfying(
                        "advertised.listeners",
                        listeners -> assertThat((String) listeners)
                                .contains(",PROXIED0://127.0.0.1:7", ",PROXIED1://127.0.0.1:8"))
                .containsEntry("offsets.topic.replication.factor", "3")
                .doesNotContainKey("authorizer.class.name");
    }
}
