package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.WriteToken;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every combination of modules does what it promises, with real parts. */
class ModuleCombinationsIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @Test
    void nothingChosenIsAnInProcessCache() {
        try (Rig rig = new Rig(false, false, null)) {
            worksOnOneNode(rig.start());
        }
    }

    @Test
    void localOnly() {
        try (Rig rig = new Rig(true, false, null)) {
            worksOnOneNode(rig.start());
        }
    }

    @Test
    void localAndOutTierShareLoads() {
        try (Rig rig = new Rig(true, true, null).patient()) {
            List<G2Node> nodes = rig.start(2);
            worksOnOneNode(nodes.get(0));
            sharesLoads(nodes.get(0), nodes.get(1));
        }
    }

    @Test
    void onHeapAndOutTierShareLoads() {
        try (Rig rig = new Rig(false, true, null).patient()) {
            List<G2Node> nodes = rig.start(2);
            worksOnOneNode(nodes.get(1));
            sharesLoads(nodes.get(0), nodes.get(1));
        }
    }

    @Test
    void localAndLogHearOfInvalidations() {
        try (Rig rig = new Rig(true, false, BROKER.bootstrapServers())) {
            List<G2Node> nodes = rig.start(2);
            worksOnOneNode(nodes.get(0));
            hearsOfInvalidations(nodes.get(0), nodes.get(1));
        }
    }

    @Test
    void onHeapAndLogHearOfInvalidations() {
        try (Rig rig = new Rig(false, false, BROKER.bootstrapServers())) {
            List<G2Node> nodes = rig.start(2);
            hearsOfInvalidations(nodes.get(0), nodes.get(1));
            hearsOfInvalidations(nodes.get(1), nodes.get(0));
        }
    }

    @Test
    void onHeapAndOutTierAndLogShareLoadsAndHearOfInvalidations() {
        try (Rig rig = new Rig(false, true, BROKER.bootstrapServers()).patient()) {
            List<G2Node> nodes = rig.start(2);
            worksOnOneNode(nodes.get(0));
            sharesLoads(nodes.get(1), nodes.get(0));
            hearsOfInvalidations(nodes.get(0), nodes.get(1));
            hearsOfInvalidations(nodes.get(1), nodes.get(0));
        }
    }

    @Test
    void allThree() {
        try (Rig rig = Rig.full(BROKER.bootstrapServers()).patient()) {
            List<G2Node> nodes = rig.start(3);
            worksOnOneNode(nodes.get(0));
            sharesLoads(nodes.get(1), nodes.get(2));
            hearsOfInvalidations(nodes.get(0), nodes.get(1));
            hearsOfInvalidations(nodes.get(2), nodes.get(0));
        }
    }

    private static void worksOnOneNode(G2Node node) {
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
        G2Cache<String, String> cache = node.cache(tagged("one"));
        AtomicInteger loads = new AtomicInteger();
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("a", key -> "loaded-" + loads.incrementAndGet())).isEqualTo("loaded-1");
        settle(node, cache.put("b", "put"));
        assertThat(cache.get("b")).isEqualTo("put");
        settle(node, cache.putAll(Map.of("c", "1", "d", "2")));
        assertThat(cache.getAll(List.of("a", "b", "c", "d", "e"), missing -> Map.of("e", "3")))
                .containsEntry("b", "put")
                .containsEntry("c", "1")
                .containsEntry("d", "2")
                .containsEntry("e", "3");
        settle(node, cache.invalidate("b"));
        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("b", key -> "again")).isEqualTo("again");
        settle(node, cache.invalidateAll(List.of("c", "d")));
        assertThat(cache.getAll(List.of("c", "d"))).isEmpty();
        assertThat(cache.refresh("a", key -> "refreshed")).isEqualTo("refreshed");
        settle(node, cache.clear());
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("e")).isNull();
        assertThat(cache.get("tagged:a", key -> "1")).isEqualTo("1");
        assertThat(cache.get("other:a", key -> "1")).isEqualTo("1");
        settle(node, cache.invalidateTag("tagged"));
        assertThat(cache.get("tagged:a")).isNull();
        assertThat(cache.get("other:a")).isEqualTo("1");
        assertThat(cache.getAsync("f", key -> "async").join()).isEqualTo("async");
        assertThat(cache.get("f")).isEqualTo("async");
    }

    /** What stands before the colon of a key is its tag. */
    private static CacheSpec<String, String> tagged(String name) {
        return Rig.text(name)
                .tags((key, value) -> key.contains(":") ? List.of(key.substring(0, key.indexOf(':'))) : List.of())
                .build();
    }

    private static void sharesLoads(G2Node first, G2Node second) {
        G2Cache<String, String> a = first.cache(Rig.text("shared").build());
        G2Cache<String, String> b = second.cache(Rig.text("shared").build());
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            String key = "key-" + i;
            assertThat(a.get(key, k -> k + loads.incrementAndGet())).isEqualTo(key + (i + 1));
            assertThat(b.get(key, k -> k + loads.incrementAndGet())).isEqualTo(key + (i + 1));
        }
        assertThat(a.stats().counter("out_failure") + b.stats().counter("out_failure"))
                .isZero();
        assertThat(loads).hasValue(100);
        assertThat(b.stats().outHits()).isEqualTo(100);
    }

    private static void hearsOfInvalidations(G2Node writer, G2Node reader) {
        G2Cache<String, String> a = writer.cache(tagged("heard-by-" + reader.id()));
        G2Cache<String, String> b = reader.cache(tagged("heard-by-" + reader.id()));
        AtomicInteger source = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            String before = "v" + source.get();
            assertThat(b.get("key", key -> "v" + source.get())).isEqualTo(before);
            source.incrementAndGet();
            WriteToken token = a.invalidate("key");
            reader.awaitToken(WriteToken.parse(token.toString()), SOON);
            assertThat(b.get("key", key -> "v" + source.get())).isEqualTo("v" + source.get());
        }
        for (int i = 0; i < 20; i++) {
            assertThat(b.get("other-" + i, key -> "old")).isNotNull();
        }
        assertThat(b.get("tagged:a", key -> "old")).isEqualTo("old");
        reader.awaitToken(a.invalidateTag("tagged"), SOON);
        assertThat(b.get("tagged:a", key -> "new")).isEqualTo("new");
        assertThat(b.get("other-1", key -> "new")).isEqualTo("old");
        reader.awaitToken(a.clear(), SOON);
        for (int i = 0; i < 20; i++) {
            assertThat(b.get("other-" + i, key -> "new")).isEqualTo("new");
        }
    }

    /** Without this a load after a write may be stored only when the node has read its own event. */
    private static void settle(G2Node node, WriteToken token) {
        node.awaitToken(token, SOON);
    }
}
