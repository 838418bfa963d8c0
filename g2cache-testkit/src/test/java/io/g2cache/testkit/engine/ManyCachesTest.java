package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Absurd numbers of caches: all work, and are gone with their node. */
class ManyCachesTest {
    private static final int AT_ONCE = 2_000;
    private static final int OF_ONE_NODE = 1_000;

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<G2Cache<String, String>> open(G2Node node, int count) {
        List<G2Cache<String, String>> caches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            caches.add(node.cache(Rig.named("cache-" + i).maximumEntries(10).build()));
        }
        return caches;
    }

    @Test
    @Timeout(240)
    void twoThousandAtOnceHearOfEachOthersWrites() {
        G2Node writer = rig.withAll();
        G2Node reader = rig.peer();
        List<G2Cache<String, String>> written = open(writer, AT_ONCE);
        List<G2Cache<String, String>> read = open(reader, AT_ONCE);
        WriteToken last = WriteToken.of(written.get(0).put("k", "old").generation(), java.util.Map.of());
        for (int i = 0; i < AT_ONCE; i++) {
            written.get(i).put("k", "v" + i);
            assertThat(read.get(i).get("k", key -> "loaded")).isIn("v" + i, "loaded");
            last = last.and(
                    i % 2 == 0 ? written.get(i).invalidate("k") : written.get(i).clear());
        }
        reader.awaitToken(last, Duration.ofSeconds(60));
        for (int i = 0; i < AT_ONCE; i++) {
            assertThat(read.get(i).get("k")).as("cache-%d", i).isNull();
        }
        assertThat(reader.caches()).hasSize(AT_ONCE);
    }

    @Test
    @Timeout(240)
    void tenThousandComeAndGo() throws Exception {
        comeAndGo(10);
    }

    @Test
    @Tag("nightly")
    @Timeout(3_600)
    void aHundredThousandComeAndGo() throws Exception {
        comeAndGo(100);
    }

    /** The names are the same each time; log and out tier live on, as do those of a deployment. */
    private void comeAndGo(int nodes) throws Exception {
        List<String> before = Rig.threads("g2cache-");
        for (int n = 0; n < nodes; n++) {
            try (G2Node node = rig.builder()
                    .recentCapacity(1_024)
                    .out(new MemoryOut(rig.store))
                    .sync(new MemoryLog(rig.broker))
                    .build()) {
                List<G2Cache<String, String>> caches = open(node, OF_ONE_NODE);
                for (G2Cache<String, String> cache : caches) {
                    assertThat(cache.get("k", key -> "v")).isEqualTo("v");
                }
                assertThat(node.caches()).hasSize(OF_ONE_NODE);
            }
        }
        Rig.until("no thread is left", () -> before.containsAll(Rig.threads("g2cache-")));
    }
}
