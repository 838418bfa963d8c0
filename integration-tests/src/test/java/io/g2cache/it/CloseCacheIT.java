package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheClosedException;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** With all modules, one cache of a node is closed and opened again, while the node and its peer go on. */
class CloseCacheIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @TempDir
    Path directory;

    private final Rig rig = Rig.full(BROKER.bootstrapServers());

    @AfterEach
    void close() {
        rig.close();
    }

    private static CacheSpec<String, String> spec(String name) {
        return Rig.text(name)
                .publish(PublishMode.VALUE)
                .tags((key, value) -> List.of("tag-of-" + key))
                .build();
    }

    @Test
    void aKeptCacheIsWarmAtItsNextOpeningAndServesNothingThatWasKilledMeanwhile() {
        G2Node node = rig.start(rig.builder()
                .local(ChronicleLocal.builder().persistTo(directory).build()));
        G2Cache<String, String> peer = rig.start().cache(spec("cities"));
        G2Cache<String, String> other = node.cache(spec("other"));
        for (int round = 0; round < 3; round++) {
            G2Cache<String, String> cache = node.cache(spec("cities"));
            for (String key : List.of("kept", "put", "invalidated", "tagged")) {
                cache.put(key, "old" + round);
            }
            cache.close();
            assertThatThrownBy(() -> cache.get("kept")).isInstanceOf(CacheClosedException.class);
            WriteToken last = peer.put("put", "new" + round)
                    .and(peer.invalidate("invalidated"))
                    .and(peer.invalidateTag("tag-of-tagged"));

            G2Cache<String, String> again = node.cache(spec("cities"));
            assertThat(again.get("kept", last, SOON)).isEqualTo("old" + round);
            assertThat(again.stats().localHits()).isEqualTo(1);
            assertThat(again.get("put")).isEqualTo("new" + round);
            assertThat(again.get("invalidated")).isNull();
            assertThat(again.get("tagged")).isNull();
            assertThat(again.stats().counter("cold_start")).isZero();
            again.close();

            last = peer.clear();
            G2Cache<String, String> cleared = node.cache(spec("cities"));
            assertThat(cleared.get("kept", last, SOON)).isNull();
            assertThat(cleared.get("kept", key -> "loaded" + key)).isEqualTo("loadedkept");
            cleared.close();
            other.put("a", "1");
            assertThat(other.get("a")).isEqualTo("1");
        }
        assertThat(node.caches()).hasSize(1);
    }

    @Test
    void aHundredTenantsComeAndGoOffTheHeap() {
        G2Node node = rig.start();
        G2Node peer = rig.start();
        for (int i = 0; i < 100; i++) {
            G2Cache<String, String> there = peer.cache(spec("tenant-" + i));
            try (G2Cache<String, String> here = node.cache(spec("tenant-" + i))) {
                WriteToken token = here.put("a", "1");
                assertThat(there.get("a", token, SOON)).isEqualTo("1");
            }
            there.close();
        }
        assertThat(node.caches()).isEmpty();
        assertThat(peer.caches()).isEmpty();
        assertThat(node.cache(spec("tenant-7")).get("a")).isEqualTo("1");
    }
}
