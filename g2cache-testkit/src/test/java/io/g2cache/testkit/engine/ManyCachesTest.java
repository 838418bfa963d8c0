package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.OnHeapLocal;
import io.g2cache.WriteToken;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.testkit.ForwardingLocalCache;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Absurd numbers of caches: all work, and are gone when they or their node are closed. */
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
    void tenThousandAreOpenedAndClosedOnOneNode() throws Exception {
        openAndClose(10_000, 10);
    }

    @Test
    @Tag("nightly")
    @Timeout(3_600)
    void aHundredThousandAreOpenedAndClosedOnOneNode() throws Exception {
        openAndClose(100_000, 100);
    }

    /** Each name comes once. What was made for it must be gone at the end, whatever the node remembers of it. */
    private void openAndClose(int count, int step) throws Exception {
        List<String> before = Rig.threads("g2cache-");
        List<WeakReference<Object>> made = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger open = new AtomicInteger();
        G2Node node = rig.start(rig.builder()
                .recentCapacity(1_024)
                .local(new CountedLocal(made, open))
                .out(new MemoryOut(rig.store))
                .sync(new MemoryLog(rig.broker)));
        List<String> atFirst = Rig.threads("g2cache-");
        for (int i = 0; i < count; i++) {
            G2Cache<String, String> cache =
                    node.cache(Rig.named("tenant-" + i).maximumEntries(10).build());
            assertThat(cache.get("k", key -> "v")).isEqualTo("v");
            if (i % step == 0) {
                made.add(new WeakReference<>(cache));
                cache.invalidate("k");
            }
            cache.close();
        }
        assertThat(node.caches()).isEmpty();
        assertThat(node.audit().caches()).isEmpty();
        assertThat(open).hasValue(0);
        assertThat(made).hasSizeGreaterThan(count);
        Rig.until(
                "no thread is left of them", () -> Rig.threads("g2cache-close-").isEmpty());
        assertThat(Rig.threads("g2cache-")).hasSizeLessThanOrEqualTo(atFirst.size() + 4);
        Rig.until("nothing of them is left", () -> {
            System.gc();
            made.removeIf(one -> one.get() == null);
            return made.isEmpty();
        });
        node.close();
        Rig.until("no thread is left", () -> before.containsAll(Rig.threads("g2cache-")));
    }

    /** The on-heap tier, which tells how many are open, and what was made. */
    private record CountedLocal(List<WeakReference<Object>> made, AtomicInteger open) implements LocalCacheProvider {
        private static final OnHeapLocal PROVIDER = new OnHeapLocal();

        @Override
        public String name() {
            return "counted";
        }

        @Override
        public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
            open.incrementAndGet();
            AtomicBoolean closed = new AtomicBoolean();
            LocalCache<K, V> tier = new ForwardingLocalCache<>(PROVIDER.open(context)) {
                @Override
                public void close() {
                    if (closed.compareAndSet(false, true)) {
                        open.decrementAndGet();
                    }
                    super.close();
                }
            };
            made.add(new WeakReference<>(tier));
            return tier;
        }

        @Override
        public void close() {}
    }

    @Test
    @Timeout(240)
    void twoThousandComeAndGoWithTheirNodes() throws Exception {
        comeAndGo(2);
    }

    @Test
    @Tag("nightly")
    @Timeout(3_600)
    void aHundredThousandComeAndGoWithTheirNodes() throws Exception {
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
