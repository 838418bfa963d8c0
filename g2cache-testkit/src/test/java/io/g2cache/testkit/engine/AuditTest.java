package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeState;
import io.g2cache.OnHeapLocal;
import io.g2cache.PublishMode;
import io.g2cache.audit.AuditEvent;
import io.g2cache.audit.AuditFinding;
import io.g2cache.audit.AuditRules;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
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
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The auditor inside a node finds what was planted, and nothing else. */
class AuditTest {
    private static final int RATE = 20;
    private static final Duration LIFE = Duration.ofMinutes(5);

    private final Rig rig = new Rig();
    private final ManualAgents agents = new ManualAgents();
    private final OpenLocal local = new OpenLocal();
    private final ValueFormat<String> format = new ValueFormat<>(Codecs.string());
    private final KeySpace space = new KeySpace("cities", 1);
    private final EncodedKey key = space.key(Codecs.string().encode("ulm"));

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

    private G2Node audited() throws InterruptedException {
        G2Node node = rig.start(rig.builder()
                .agentScheduler(agents)
                .awaitReady(false)
                .local(local)
                .out(new MemoryOut(rig.store))
                .sync(rig.log)
                .auditKeysPerSecond(RATE));
        untilTurned("ready", () -> node.status().state() == NodeState.READY);
        return node;
    }

    /** Moves the time on, second by second, and gives each agent a turn, until the condition holds. */
    private void untilTurned(String what, BooleanSupplier condition) throws InterruptedException {
        Rig.until(what, () -> {
            rig.time.advance(Duration.ofSeconds(1));
            int unused = agents.cycleAll();
            return condition.getAsBoolean();
        });
    }

    private static G2Cache<String, String> cache(G2Node node) {
        return node.cache(Rig.spec().publish(PublishMode.VALUE).build());
    }

    private LocalEntry<?> held() {
        return held(key);
    }

    private LocalEntry<?> held(EncodedKey of) {
        return Objects.requireNonNull(local.cache().find(of));
    }

    private Entry entry(long version, String value) {
        return Entry.value(version, held().softDeadline(), held().hardDeadline(), format.encode(value));
    }

    private void plantLocally(Entry entry) {
        plantLocally(key, entry);
    }

    private void plantLocally(EncodedKey at, Entry entry) {
        local.cache().discard(at);
        assertThat(local.cache().fill(at, entry, Admission.ALWAYS)).isTrue();
    }

    private static long differences(G2Cache<?, ?> cache) {
        return cache.stats().counter("audit_difference");
    }

    /** Until so many keys more were checked. */
    private void audit(G2Cache<?, ?> cache, int keys) throws InterruptedException {
        long before = cache.stats().counter("audit_checked");
        untilTurned("checked", () -> cache.stats().counter("audit_checked") >= before + keys);
    }

    private void found(G2Cache<?, ?> cache, int count) throws InterruptedException {
        untilTurned("differences=" + count, () -> differences(cache) == count);
    }

    private void committed(G2Node node, EncodedKey of) throws Exception {
        untilTurned("committed", () -> {
            var seen = node.audit().look("cities", of.bytes()).join();
            return seen.committed() > seen.recent();
        });
    }

    /** What is logged from when something is done until the text is. */
    private String logged(String text, Runnable doing) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            doing.run();
            untilTurned(text, () -> printed.toString(StandardCharsets.UTF_8).contains(text));
        } finally {
            System.setErr(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStaleEntryOfTheLocalTierIsFoundAndCountedOnce() throws Exception {
        G2Cache<String, String> cache = cache(audited());
        cache.put("ulm", "old");
        cache.put("ulm", "new");
        audit(cache, 3);
        assertThat(differences(cache)).isZero();
        plantLocally(entry(held().version() - 1, "old"));
        found(cache, 1);
        cache.put("ulm", "newer");
        audit(cache, 3);
        assertThat(differences(cache)).isEqualTo(1);
    }

    @Test
    void aStaleEntryOfTheOutTierIsFound() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("ulm", "new");
        committed(node, key);
        audit(cache, 3);
        rig.store.bringBack("cities", key, entry(held().version() - 1, "old"));
        found(cache, 1);
    }

    @Test
    void anotherValueThanThatOfThePutIsFoundInTheLocalTierAndItIsLoggedForHowLong() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = cache(node);
        cache.put("ulm", "right");
        committed(node, key);
        audit(cache, 6);
        assertThat(differences(cache)).isZero();
        String wrong = logged("a difference", () -> plantLocally(entry(held().version(), "wrong")));
        assertThat(wrong)
                .containsPattern("a difference, seen for seconds=[1-9]\\d+: cache=cities .*kind=DIFFERS, tier=LOCAL")
                .doesNotContain("=wrong");
        assertThat(differences(cache)).isEqualTo(1);
        String gone = logged("gone after", () -> cache.invalidate("ulm"));
        assertThat(gone).containsPattern("gone after seconds=[1-9]\\d+: cache=cities .*kind=DIFFERS, tier=LOCAL");
        assertThat(differences(cache)).isEqualTo(1);
    }

    @Test
    void anotherValueThanThatOfThePutIsFoundInTheOutTier() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = cache(node);
        cache.put("ulm", "right");
        committed(node, key);
        audit(cache, 6);
        assertThat(differences(cache)).isZero();
        Entry wrong = entry(held().version(), "wrong");
        assertThat(logged("a difference", () -> rig.store.bringBack("cities", key, wrong)))
                .contains("kind=DIFFERS, tier=OUT");
        assertThat(differences(cache)).isEqualTo(1);
    }

    @Test
    void whatAFloorHasKilledIsNoDifference() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = node.cache(Rig.spec()
                .publish(PublishMode.VALUE)
                .tags((name, value) -> List.of("swabia"))
                .build());
        cache.put("ulm", "tagged");
        Entry tagged = Objects.requireNonNull(rig.store.held("cities", key));
        cache.invalidateTag("swabia");
        rig.store.bringBack("cities", key, tagged);
        committed(node, key);
        audit(cache, 6);
        AuditedKey seen = node.audit().look("cities", key.bytes()).join();
        assertThat(seen.local()).isNull();
        assertThat(Objects.requireNonNull(seen.out()).isUsable()).isFalse();
        cache.clear();
        rig.store.bringBack(
                "cities",
                key,
                Entry.value(tagged.version(), tagged.softDeadline(), tagged.hardDeadline(), format.encode("plain")));
        plantLocally(tagged);
        audit(cache, 6);
        seen = node.audit().look("cities", key.bytes()).join();
        assertThat(seen.local()).isNull();
        assertThat(Objects.requireNonNull(seen.out()).isUsable()).isFalse();
        assertThat(differences(cache)).isZero();
    }

    private G2Cache<String, String> hidden(G2Node node) {
        byte[] secret = new byte[32];
        return node.cache(Rig.spec()
                .publish(PublishMode.VALUE)
                .encryption(Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", secret))))
                .hashKeys(KeyHasher.hmacSha256(secret))
                .build());
    }

    @Test
    void sealedValuesAndHashedKeysAreComparedInsideTheNodeAndNotToldToOthers() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = hidden(node);
        EncodedKey hash = space.key(node.audit().publishedKey("cities", key.bytes()));
        cache.put("ulm", "old");
        Entry old = Objects.requireNonNull(rig.store.held("cities", hash));
        audit(cache, 3);
        cache.put("ulm", "right");
        committed(node, hash);
        audit(cache, 6);
        assertThat(differences(cache)).isZero();
        assertThat(node.audit().sample("cities", 1)).containsExactly(hash.bytes());
        AuditedKey seen = node.audit().look("cities", hash.bytes()).join();
        assertThat(Objects.requireNonNull(seen.local()).isUnknownValue()).isTrue();
        assertThat(Objects.requireNonNull(seen.out()).isUnknownValue()).isTrue();
        LocalEntry<?> held = held(hash);
        Entry wrong = Entry.value(held.version(), held.softDeadline(), held.hardDeadline(), format.encode("wrong"));
        assertThat(logged("a difference", () -> plantLocally(hash, wrong)))
                .contains("kind=DIFFERS, tier=LOCAL")
                .doesNotContain("OptionalLong[");
        logged("gone after", () -> local.cache().discard(hash));
        assertThat(logged("a difference", () -> rig.store.bringBack("cities", hash, old)))
                .contains("kind=STALE, tier=OUT")
                .doesNotContain("OptionalLong[");
        assertThat(differences(cache)).isEqualTo(2);
    }

    private static List<AuditFinding.Kind> kinds(AuditedKey seen, @Nullable AuditEvent newest) {
        return AuditRules.findings(seen, newest).stream()
                .map(AuditFinding::kind)
                .toList();
    }

    @Test
    void anotherValueThanThatOfThePutIsADifferenceUnlessALoadMayHaveGivenIt() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("ulm", "new");
        committed(node, key);
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

    @Test
    void largeValuesAreNotKeptToBeCompared() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = cache(node);
        cache.put("ulm", "x".repeat(1 << 17));
        committed(node, key);
        audit(cache, 6);
        plantLocally(entry(held().version(), "wrong"));
        audit(cache, 10);
        assertThat(differences(cache)).isZero();
    }

    @Test
    void aNodeWithoutALogDoesNotAuditItself() {
        String id = rig.start(rig.builder().auditKeysPerSecond(RATE)).id();
        assertThat(Rig.threads(id)).isNotEmpty().noneMatch(name -> name.contains("auditor"));
    }

    @Test
    void aClearThatTheNodeHasNotAppliedIsNoDifferenceInTheOutTier() {
        AuditEvent clear = new AuditEvent(7, null);
        AuditedEntry old = AuditedEntry.of(Entry.value(3, 1, 2, format.encode("old")), true);
        AuditedKey lags = new AuditedKey(0, 5, 20, Long.MIN_VALUE, null, old);
        assertThat(kinds(lags, clear)).isEmpty();
        assertThat(AuditRules.isBehind(lags, clear)).isTrue();
        AuditedKey reads = new AuditedKey(0, 8, 20, Long.MIN_VALUE, null, old);
        assertThat(kinds(reads, clear)).containsExactly(AuditFinding.Kind.STALE);
        assertThat(AuditRules.isBehind(reads, clear)).isFalse();
    }

    @Test
    void aSampleGoesRoundAndLeavesOutKeysThatCannotBeEncoded() throws Exception {
        G2Node node = audited();
        G2Cache<String, String> cache = node.cache(
                CacheSpec.builder("cities", new FailingCodec(), Codecs.string()).build());
        for (int i = 0; i < 5; i++) {
            cache.put("city-" + i, "value");
        }
        Set<String> sampled = new HashSet<>();
        for (int call = 0; call < 5; call++) {
            List<byte[]> some = node.audit().sample("cities", 3);
            assertThat(some).hasSizeBetween(2, 3);
            some.forEach(bytes -> sampled.add(new String(bytes, StandardCharsets.UTF_8)));
        }
        assertThat(sampled).containsExactlyInAnyOrder("city-0", "city-1", "city-3", "city-4");
    }

    /** Cannot give back the bytes of one key. */
    private static final class FailingCodec implements Codec<String> {
        private final Codec<String> codec = Codecs.string();

        @Override
        public String id() {
            return codec.id();
        }

        @Override
        public long fingerprint() {
            return codec.fingerprint();
        }

        @Override
        public byte[] encode(String key) {
            return codec.encode(key);
        }

        @Override
        public String decode(ByteBuffer view) {
            return codec.decode(view);
        }

        @Override
        public byte[] encodeIdentity(Object identity) {
            if (identity.equals("city-2")) {
                throw new IllegalStateException("city-2");
            }
            return encode((String) identity);
        }
    }

    /**
     * Two nodes whose steps are chosen at random, with a jitter that tells a put and a load of one moment apart; the time moves on only when nothing is under way, as calls have deadlines
     * far below the auditor's grace.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
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
            caches.add(nodes.get(i)
                    .cache(Rig.spec()
                            .publish(PublishMode.VALUE)
                            .lifetime(Lifetime.of(LIFE).withJitter(0.5))
                            .build()));
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
