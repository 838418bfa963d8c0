package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidKeyException;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others see of a cache with encryption or hashed keys, and what a node takes from others. */
class EncryptionTest {
    private static final String SECRET = "secret";

    private final Rig rig = new Rig(2);
    private final KeyRing ring = new KeyRing(EncryptionKeys.of("first", key(1)));
    private final UnaryOperator<CacheSpecBuilder<String, String>> encrypted =
            spec -> spec.encryption(Encryption.aesGcm(ring)).publish(PublishMode.VALUE);
    private final UnaryOperator<CacheSpecBuilder<String, String>> hashed =
            spec -> encrypted.apply(spec).hashKeys(KeyHasher.hmacSha256(key(9)));
    private Others others;

    @BeforeEach
    void open() {
        others = new Others(rig);
    }

    @AfterEach
    void close() {
        others.close();
        rig.close();
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static G2Cache<String, String> open(G2Node node, UnaryOperator<CacheSpecBuilder<String, String>> change) {
        return node.cache(change.apply(Rig.spec()).build());
    }

    private static long failures(G2Cache<?, ?> cache) {
        return cache.stats().counter("open_failure");
    }

    /** Uses whatever brings keys, values and tags out of the node. */
    private void useEverything(UnaryOperator<CacheSpecBuilder<String, String>> change) throws Exception {
        UnaryOperator<CacheSpecBuilder<String, String>> all =
                spec -> change.apply(spec).publishLoads(true).tags((key, value) -> List.of("tag-" + SECRET));
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = open(node, all);
        cache.put("put-" + SECRET, "v-" + SECRET);
        cache.putAll(Map.of("many-" + SECRET, "v-" + SECRET));
        cache.get("loaded-" + SECRET, key -> "v-" + SECRET);
        cache.getAll(List.of("bulk-" + SECRET), keys -> Map.of("bulk-" + SECRET, "v-" + SECRET));
        cache.refresh("loaded-" + SECRET, key -> "v-" + SECRET);
        cache.invalidate("gone-" + SECRET);
        Rig.until("loads published", () -> others.valuesOfLog().size() == 5);
        others.awaitMaterialised();
        G2Cache<String, String> peer = open(rig.withAll(), all);
        for (String key : List.of("put-", "many-", "loaded-", "bulk-")) {
            assertThat(peer.get(key + SECRET)).as(key).isEqualTo("v-" + SECRET);
        }
        assertThat(peer.getAll(List.of("put-" + SECRET))).containsExactly(Map.entry("put-" + SECRET, "v-" + SECRET));
        node.awaitToken(peer.invalidateTag("tag-" + SECRET), Rig.DEADLINE);
        for (G2Cache<String, String> one : List.of(cache, peer)) {
            assertThat(one.get("put-" + SECRET)).isNull();
            assertThat(failures(one)).isZero();
        }
        others.awaitMaterialised();
    }

    @Test
    void nobodyElseSeesAValue() throws Exception {
        useEverything(encrypted);
        assertThat(others.valuesOfLog()).noneMatch(Others.contains("v-" + SECRET));
        assertThat(others.valuesOfOut()).hasSizeGreaterThanOrEqualTo(3).noneMatch(Others.contains("v-" + SECRET));
        assertThat(others.valuesOfOut()).allMatch(Encryption::isSealed);
        assertThat(others.namesOfLog()).anyMatch(Others.contains("put-" + SECRET));
    }

    @Test
    void nobodyElseSeesAKeyOrATagWhereTheyAreHashed() throws Exception {
        useEverything(hashed);
        assertThat(others.namesOfLog()).hasSizeGreaterThanOrEqualTo(6).noneMatch(Others.contains(SECRET));
        assertThat(others.namesOfOut()).hasSizeGreaterThanOrEqualTo(4).noneMatch(Others.contains(SECRET));
        assertThat(others.valuesOfLog()).noneMatch(Others.contains(SECRET));
        assertThat(others.valuesOfOut()).noneMatch(Others.contains(SECRET));
    }

    @Test
    void withoutEncryptionTheyDo() throws Exception {
        useEverything(spec -> spec.publish(PublishMode.VALUE));
        assertThat(others.valuesOfLog()).anyMatch(Others.contains("v-" + SECRET));
        assertThat(others.valuesOfOut()).anyMatch(Others.contains("v-" + SECRET));
        assertThat(others.namesOfLog()).anyMatch(Others.contains("tag-" + SECRET));
        assertThat(others.namesOfOut()).anyMatch(Others.contains("put-" + SECRET));
    }

    @Test
    void keysMayBeHashedWithoutEncryption() {
        UnaryOperator<CacheSpecBuilder<String, String>> change = spec -> spec.hashKeys(KeyHasher.hmacSha256(key(9)));
        for (G2Node node : List.of(rig.alone(), rig.withLog(), rig.withAll())) {
            G2Cache<String, String> cache = open(node, change);
            cache.putAll(Map.of("a", "1", "b", "2"));
            assertThat(cache.getAll(List.of("a", "b", "c"), keys -> Map.of("c", "3")))
                    .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "2", "c", "3"));
            cache.invalidateAll(List.of("a", "c"));
            assertThat(cache.get("a", key -> "new " + key)).isEqualTo("new a");
            assertThat(cache.get("b")).isEqualTo("2");
            cache.clear();
            assertThat(cache.get("b")).isNull();
        }
        assertThat(others.namesOfLog()).allMatch(name -> name.length == KeyHasher.HASH_BYTES);
    }

    @Test
    void keysAreRotatedWhileNodesRun() throws Exception {
        KeyRing lagging = new KeyRing(ring.keys());
        G2Node first = rig.withAll();
        G2Node second = rig.withAll();
        G2Cache<String, String> writer = open(first, encrypted);
        G2Cache<String, String> reader =
                open(second, spec -> spec.encryption(Encryption.aesGcm(lagging)).publish(PublishMode.VALUE));
        second.awaitToken(writer.put("old", "1"), Rig.DEADLINE);

        ring.replace(ring.keys().plus("second", key(2)).sealingWith("second"));
        assertThat(open(rig.withAll(), encrypted).get("old")).isEqualTo("1");
        second.awaitToken(writer.put("new", "2"), Rig.DEADLINE);
        assertThat(reader.get("old")).isEqualTo("1");
        assertThat(reader.get("new", key -> "loaded")).isEqualTo("loaded");
        assertThat(failures(reader)).isPositive();
        assertThat(others.newestOfLog("new").value()[1]).isEqualTo((byte) "second".length());

        lagging.replace(ring.keys().minus("first"));
        second.awaitToken(writer.put("newer", "3"), Rig.DEADLINE);
        assertThat(reader.get("newer")).isEqualTo("3");
        ring.replace(ring.keys().minus("first"));
        assertThat(open(rig.withAll(), encrypted).get("old", key -> "loaded")).isEqualTo("loaded");
    }

    @Test
    void aValueThatIsCopiedToAnotherKeyOrLivesLongerIsAMiss() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = open(node, encrypted);
        cache.put("a", "of a");
        cache.put("b", "of b");
        Entry ofA = others.newestOfLog("a");
        node.awaitToken(others.put("cities", "b", ofA), Rig.DEADLINE);
        assertThat(cache.get("b", key -> "loaded")).isEqualTo("loaded");
        long before = failures(cache);
        assertThat(before).isPositive();

        Entry longer = Entry.value(0, ofA.softDeadline(), ofA.hardDeadline() + 1, ofA.requireValue());
        node.awaitToken(others.put("cities", "a", longer), Rig.DEADLINE);
        assertThat(cache.get("a", key -> "loaded")).isEqualTo("loaded");
        assertThat(failures(cache)).isGreaterThan(before);
        node.awaitToken(others.put("cities", "a", ofA), Rig.DEADLINE);
        assertThat(cache.get("a")).isEqualTo("of a");
    }

    @Test
    void aValueOfAnotherCacheOrCodecIsAMiss() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cities = open(node, encrypted);
        Encryption encryption = Encryption.aesGcm(ring);
        G2Cache<String, String> places = node.cache(CacheSpec.builder("places", Codecs.string(), Codecs.string())
                .encryption(encryption)
                .build());
        cities.put("a", "of cities");
        Entry ofCities = others.newestOfLog("a");
        node.awaitToken(others.put("places", "a", ofCities), Rig.DEADLINE);
        assertThat(places.get("a")).isNull();
        assertThat(failures(places)).isPositive();
        G2Cache<String, Double> numbers = rig.withAll()
                .cache(CacheSpec.builder("cities", Codecs.string(), Codecs.float64())
                        .encryption(encryption)
                        .build());
        assertThat(numbers.get("a")).isNull();
        assertThat(failures(numbers)).isPositive();
    }

    @Test
    void whatWasChangedInTheOutTierIsAMissAndIsReplaced() throws Exception {
        G2Cache<String, String> cache = open(rig.withAll(), encrypted);
        cache.put("a", "1");
        for (int i = 0; i < 20; i++) {
            cache.put("b" + i, "1");
        }
        others.awaitMaterialised();
        Entry stored = Objects.requireNonNull(others.inOut("a"));
        byte[] changed = stored.requireValue().clone();
        changed[changed.length - 1]++;
        others.putInOut("a", Entry.value(stored.version() + 1, stored.softDeadline(), stored.hardDeadline(), changed));
        G2Cache<String, String> other = open(rig.withAll(), encrypted);
        assertThat(other.get("a")).isNull();
        assertThat(other.getAll(List.of("a"))).isEmpty();
        assertThat(other.get("a", key -> "2")).isEqualTo("2");
        assertThat(failures(other)).isPositive();
        assertThat(open(rig.withAll(), encrypted).get("a")).isEqualTo("2");
    }

    @Test
    void plaintextIsTakenOnlyWhereThatIsWanted() throws Exception {
        G2Node plain = rig.withAll();
        G2Node strict = rig.withAll();
        G2Node migrating = rig.withAll();
        G2Cache<String, String> plainCache = open(plain, spec -> spec.publish(PublishMode.VALUE));
        G2Cache<String, String> strictCache = open(strict, encrypted);
        G2Cache<String, String> migratingCache = open(
                migrating,
                spec -> spec.encryption(Encryption.aesGcm(ring).acceptPlaintext(true))
                        .publish(PublishMode.VALUE));
        var token = plainCache.put("a", "plain");
        strict.awaitToken(token, Rig.DEADLINE);
        migrating.awaitToken(token, Rig.DEADLINE);
        assertThat(strictCache.get("a")).isNull();
        assertThat(failures(strictCache)).isPositive();
        assertThat(migratingCache.get("a")).isEqualTo("plain");

        token = migratingCache.put("b", "sealed");
        plain.awaitToken(token, Rig.DEADLINE);
        strict.awaitToken(token, Rig.DEADLINE);
        assertThat(plainCache.get("b")).isNull();
        assertThat(plainCache.get("b", key -> "loaded")).isEqualTo("loaded");
        assertThat(strictCache.get("b")).isEqualTo("sealed");
    }

    @Test
    void aPublishedLoadThatDoesNotOpenChangesNothing() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = open(node, encrypted);
        cache.put("a", "1");
        Entry sealed = others.newestOfLog("a");
        byte[] foreign = Encryption.aesGcm(new KeyRing(EncryptionKeys.of("other", key(5))))
                .seal("x".getBytes(StandardCharsets.US_ASCII), new byte[0]);
        Entry bad = Entry.value(sealed.version(), sealed.softDeadline(), sealed.hardDeadline(), foreign);
        node.awaitToken(others.append("a", key -> new Event.Loaded("cities", key, "foreign", bad)), Rig.DEADLINE);
        assertThat(cache.get("a")).isEqualTo("1");
        assertThat(failures(cache)).isEqualTo(1);
    }

    @Test
    void whatADeadWriterHasLeftInTheLogReachesAllByTheMaterialiserUnopened() throws Exception {
        open(rig.withLog(), encrypted).put("a", "1");
        rig.withAll();
        others.awaitMaterialised();
        assertThat(others.valuesOfOut()).hasSize(1).allMatch(Encryption::isSealed);
        assertThat(Objects.requireNonNull(others.inOut("a")).requireValue())
                .isEqualTo(others.newestOfLog("a").requireValue());
        G2Cache<String, String> late = open(rig.withAll(), encrypted);
        assertThat(late.get("a")).isEqualTo("1");
        assertThat(late.stats().outHits()).isEqualTo(1);
    }

    @Test
    void replaysAndPreloadsOpenWhatTheLogHolds() {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        G2Node first = rig.start(rig.builder().local(new MemoryLocal(disk)).sync(new MemoryLog(rig.broker)));
        open(first, hashed).put("kept", "1");
        first.close(Rig.DEADLINE);
        open(rig.withAll(), hashed).put("missed", "2");
        G2Node again = rig.start(rig.builder().local(new MemoryLocal(disk)).sync(new MemoryLog(rig.broker)));
        G2Cache<String, String> cache = open(again, hashed);
        assertThat(cache.get("kept")).isEqualTo("1");
        assertThat(cache.get("missed")).isEqualTo("2");
        G2Cache<String, String> preloaded = open(
                rig.start(rig.builder().local(new MemoryLocal()).sync(new MemoryLog(rig.broker))),
                spec -> hashed.apply(spec).preload(true));
        assertThat(preloaded.get("missed")).isEqualTo("2");
        assertThat(preloaded.stats().localHits()).isEqualTo(1);
        assertThat(failures(cache) + failures(preloaded)).isZero();
    }

    @Test
    void theLimitOfEventsCountsWhatSealingAdds() throws Exception {
        UnaryOperator<CacheSpecBuilder<String, String>> sizes =
                spec -> spec.maximumKeyBytes(100).maximumValueBytes(80_000);
        int largest = 100 + 80_000 + 1_024;
        G2Node node = rig.start(rig.builder().sync(rig.log).maximumEventBytes(largest));
        open(node, spec -> sizes.apply(spec).publish(PublishMode.VALUE));
        CacheSpec<String, String> tooLarge = sizes.apply(
                        encrypted.apply(CacheSpec.builder("sealed", Codecs.string(), Codecs.string())))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> node.cache(tooLarge))
                .withMessageContaining("bytes=" + (largest + Encryption.MOST_OVERHEAD_BYTES))
                .withMessageContaining("encryption=" + Encryption.MOST_OVERHEAD_BYTES);

        String value = "v".repeat(80_000);
        G2Node peer = rig.withLog();
        UnaryOperator<CacheSpecBuilder<String, String>> fits = spec -> sizes.apply(hashed.apply(spec));
        G2Cache<String, String> reader = open(peer, fits);
        peer.awaitToken(open(rig.withLog(), fits).put("k".repeat(100), value), Rig.DEADLINE);
        assertThat(reader.get("k".repeat(100))).isEqualTo(value);
        assertThatThrownBy(() -> reader.get("k".repeat(101))).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void anotherSecretFindsNothing() {
        G2Cache<String, String> one = open(rig.start(rig.builder().out(new MemoryOut(rig.store))), hashed);
        one.put("a", "1");
        G2Cache<String, String> other = open(
                rig.start(rig.builder().out(new MemoryOut(rig.store))),
                spec -> encrypted.apply(spec).hashKeys(KeyHasher.hmacSha256(key(8))));
        assertThat(other.get("a")).isNull();
    }
}
