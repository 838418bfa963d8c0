package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.OnHeapLocal;
import io.g2cache.PublishMode;
import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditRules;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.ManualAgents;
import io.g2cache.testkit.ManualExecutor;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The auditor inside a node finds what was planted, and nothing else. */
class AuditTest {
    private static final int RATE = 20;

    private final Rig rig = new Rig();
    private final OpenLocal local = new OpenLocal();
    private final ValueFormat<String> format = new ValueFormat<>(Codecs.string());
    private final EncodedKey key = new KeySpace("cities", 1).key(Codecs.string().encode("ulm"));

    @AfterEach
    void close() {
        rig.close();
    }

    /** An on-heap tier that a test reaches past the engine. */
    private static final class OpenLocal implements LocalCacheProvider {
        private final OnHeapLocal provider = new OnHeapLocal();
        private volatile @Nullable LocalCache<?, ?> opened;

        @Override
        public String name() {
            return "open";
        }

        @Override
        public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
            LocalCache<K, V> cache = provider.open(context);
            opened = cache;
            return cache;
        }

        LocalCache<?, ?> cache() {
            return Objects.requireNonNull(opened);
        }

        @Override
        public void close() {
            provider.close();
        }
    }

    private G2Cache<String, String> audited() {
        return rig.start(rig.builder()
                        .local(local)
                        .out(new MemoryOut(rig.store))
                        .sync(rig.log)
                        .auditKeysPerSecond(RATE))
                .cache(Rig.spec().publish(PublishMode.VALUE).build());
    }

    private LocalEntry<?> held() {
        return Objects.requireNonNull(local.cache().find(key));
    }

    private Entry entry(long version, String value) {
        return Entry.value(version, held().softDeadline(), held().hardDeadline(), format.encode(value));
    }

    private void plantLocally(Entry entry) {
        local.cache().discard(key);
        assertThat(local.cache().fill(key, entry, Admission.ALWAYS)).isTrue();
    }

    private static long differences(G2Cache<?, ?> cache) {
        return cache.stats().counter("audit_difference");
    }

    /** Moves the time on, second by second, until so many keys more were checked. */
    private void audit(G2Cache<?, ?> cache, int keys) throws InterruptedException {
        long before = cache.stats().counter("audit_checked");
        Rig.until("checked", () -> {
            rig.time.advance(Duration.ofSeconds(1));
            return cache.stats().counter("audit_checked") >= before + keys;
        });
    }

    private void found(G2Cache<?, ?> cache) throws InterruptedException {
        Rig.until("a difference is counted", () -> {
            rig.time.advance(Duration.ofSeconds(1));
            return differences(cache) == 1;
        });
    }

    private void committed(G2Node node) throws Exception {
        Rig.until("committed", () -> {
            var seen = node.audit().look("cities", key.bytes()).join();
            return seen.committed() > seen.recent();
        });
    }

    @Test
    void aStaleEntryOfTheLocalTierIsFoundAndCountedOnce() throws Exception {
        G2Cache<String, String> cache = audited();
        cache.put("ulm", "old");
        cache.put("ulm", "new");
        audit(cache, 3);
        assertThat(differences(cache)).isZero();
        plantLocally(entry(held().version() - 1, "old"));
        found(cache);
        cache.put("ulm", "newer");
        audit(cache, 3);
        assertThat(differences(cache)).isEqualTo(1);
    }

    @Test
    void aStaleEntryOfTheOutTierIsFound() throws Exception {
        G2Node node = rig.start(rig.builder()
                .local(local)
                .out(new MemoryOut(rig.store))
                .sync(rig.log)
                .auditKeysPerSecond(RATE));
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("ulm", "new");
        committed(node);
        audit(cache, 3);
        rig.store.bringBack("cities", key, entry(held().version() - 1, "old"));
        found(cache);
    }

    private static List<AuditFinding.Kind> kinds(AuditedKey seen, @Nullable AuditEvent newest) {
        return AuditRules.findings(seen, newest).stream()
                .map(AuditFinding::kind)
                .toList();
    }

    @Test
    void anotherValueThanThatOfThePutIsADifferenceUnlessALoadMayHaveGivenIt() throws Exception {
        G2Node node = rig.start(rig.builder()
                .local(local)
                .out(new MemoryOut(rig.store))
                .sync(rig.log)
                .auditKeysPerSecond(RATE));
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("ulm", "new");
        committed(node);
        Entry put = entry(held().version(), "new");
        AuditEvent event = new AuditEvent(put.version(), AuditedEntry.of(put, true));
        assertThat(kinds(node.audit().look("cities", key.bytes()).join(), event))
                .isEmpty();

        plantLocally(entry(put.version(), "other"));
        AuditedKey seen = node.audit().look("cities", key.bytes()).join();
        assertThat(kinds(seen, event)).containsExactly(AuditFinding.Kind.DIFFERS);
        assertThat(kinds(seen, new AuditEvent(put.version(), null))).containsExactly(AuditFinding.Kind.UNLIKE);

        plantLocally(
                Entry.value(put.version(), put.softDeadline() + 1, put.hardDeadline() + 1, format.encode("loaded")));
        assertThat(kinds(node.audit().look("cities", key.bytes()).join(), event))
                .isEmpty();
        audit(cache, 6);
        assertThat(differences(cache)).isZero();
    }

    /**
     * Two nodes whose steps are chosen at random; the time moves on only when nothing is under way, as calls have deadlines
     * far below the auditor's grace.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsFoundUnderLoad(long seed) {
        Random random = new Random(seed);
        List<ManualExecutor> executors = new ArrayList<>();
        List<ManualAgents> agents = new ArrayList<>();
        List<G2Node> nodes = new ArrayList<>();
        List<G2Cache<String, String>> caches = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            executors.add(new ManualExecutor());
            agents.add(new ManualAgents());
            nodes.add(rig.start(rig.builder()
                    .executor(executors.get(i))
                    .agentScheduler(agents.get(i))
                    .awaitReady(false)
                    .out(new MemoryOut(rig.store))
                    .sync(new MemoryLog(rig.broker))
                    .auditKeysPerSecond(RATE)));
            caches.add(Rig.cache(nodes.get(i)));
        }
        for (int round = 0; round < 200; round++) {
            for (int step = 0; step < 20; step++) {
                int i = random.nextInt(2);
                act(caches.get(i), random);
                executors.get(i).runAny(random);
                List<String> names = agents.get(i).names();
                agents.get(i).cycle(names.get(random.nextInt(names.size())));
            }
            for (int quiet = 0; quiet < 30; quiet++) {
                agents.forEach(ManualAgents::cycleAll);
                executors.forEach(ManualExecutor::runAll);
            }
            rig.time.advance(Duration.ofSeconds(1 + random.nextInt(4)));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(nodes.get(i).status().state()).isEqualTo(NodeState.READY);
            assertThat(differences(caches.get(i))).as("seed=%d", seed).isZero();
            assertThat(caches.get(i).stats().counter("audit_checked")).isGreaterThan(100);
        }
    }

    private static void act(G2Cache<String, String> cache, Random random) {
        String name = "key-" + random.nextInt(10);
        String value = "v" + random.nextLong();
        CompletableFuture<?> unused = switch (random.nextInt(12)) {
            case 0, 1 -> cache.putAsync(name, value);
            case 2, 3 -> cache.invalidateAsync(name);
            case 4 -> cache.refreshAsync(name, k -> value);
            case 5 -> random.nextInt(10) == 0 ? cache.clearAsync() : cache.invalidateAsync(name);
            default -> cache.getAsync(name, k -> value);
        };
    }
}
