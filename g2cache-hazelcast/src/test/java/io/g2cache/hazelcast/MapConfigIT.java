package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.g2cache.hazelcast.MapProbe.Finding;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shared maps are configured as, on an embedded member and by a client of a stock server. */
class MapConfigIT {
    private static final Duration LEASE_LIFE = Duration.ofSeconds(7);
    private static final String PATTERNS = """
            <map name="g2cache:it:object*"><in-memory-format>OBJECT</in-memory-format></map>
            <map name="g2cache:it:eternal*"><time-to-live-seconds>0</time-to-live-seconds></map>
            """;

    private static List<StockServer> servers = List.of();
    private static HazelcastOut member;
    private static HazelcastOut client;

    @BeforeAll
    static void start() {
        int[] ports = Ports.free(2);
        OutOptions options = Tier.PATIENT.withLeaseLife(LEASE_LIFE);
        servers = StockServer.cluster("config", PATTERNS, ports[0]);
        client = HazelcastOut.client()
                .clusterName("config")
                .addresses(Ports.address(ports[0]))
                .options(options)
                .build();
        Tier.awaitConnected(client);
        member = HazelcastOut.member().port(ports[1]).options(options).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        member.close();
        servers.forEach(StockServer::close);
    }

    private static HazelcastInstance instance(String way) {
        return out(way).instance();
    }

    private static HazelcastOut out(String way) {
        return way.equals("member") ? member : client;
    }

    private static long ttl(IMap<Object, Object> map, EncodedKey key) {
        return Objects.requireNonNull(map.getEntryView(key.bytes())).getTtl();
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "client"})
    void entriesLiveUntilTheyAreGarbageAndLeasesShortly(String way) {
        OutCache cache = Tier.open(out(way), "ttl");
        EncodedKey filled = Tier.key("filled");
        EncodedKey applied = Tier.key("applied");
        OutSlot lease = Tier.get(cache.lease(filled));
        IMap<Object, Object> map = instance(way).getMap("g2cache:it:ttl:g1");
        assertThat(ttl(map, filled)).isEqualTo(LEASE_LIFE.toMillis());
        Tier.get(cache.fill(filled, lease, Tier.value(1, "x")));
        assertThat(ttl(map, filled)).isEqualTo(Tier.GARBAGE_AFTER.toMillis());
        Tier.get(cache.apply(applied, Entry.tombstone(1)));
        assertThat(ttl(map, applied)).isEqualTo(Tier.GARBAGE_AFTER.toMillis());
        Tier.get(cache.apply(applied, Tier.value(2, "y")));
        assertThat(ttl(map, applied)).isEqualTo(Tier.GARBAGE_AFTER.toMillis());
        assertThat(MapProbe.run(map, 3600)).isEqualTo(Finding.AS_CONFIGURED);
        assertThat(MapProbe.run(map, 3601)).isEqualTo(Finding.OTHER_LIFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "client"})
    void floorsLiveForEver(String way) {
        OutCache cache = Tier.open(out(way), "floors");
        Tier.get(cache.raiseFloor(1, 5));
        Tier.get(cache.raiseFloor(1, 6));
        IMap<Integer, Long> floors = instance(way).getMap("g2cache-floors:it:floors:g1");
        assertThat(Objects.requireNonNull(floors.getEntryView(1)).getTtl()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"object", "eternal"})
    void aConfigurationOfTheClusterIsNoticed(String pattern) {
        OutCache cache = Tier.open(client, pattern);
        Tier.get(cache.lease(Tier.key("a")));
        IMap<Object, Object> map = client.instance().getMap("g2cache:it:" + pattern + ":g1");
        assertThat(MapProbe.run(map, 3600))
                .isEqualTo(pattern.equals("object") ? Finding.NOT_BINARY : Finding.OTHER_LIFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "client"})
    void foreignContentIsReplacedByAnEvent(String way) {
        OutCache cache = Tier.open(out(way), "foreign");
        EncodedKey key = Tier.key("a");
        assertThat(Tier.get(cache.read(key)).kind()).isEqualTo(OutSlot.Kind.EMPTY);
        instance(way).getMap("g2cache:it:foreign:g1").putIfAbsent(key.bytes(), "text of somebody else");
        OutSlot foreign = Tier.get(cache.read(key));
        assertThat(foreign.kind()).isEqualTo(OutSlot.Kind.UNREADABLE);
        assertThat(Tier.get(cache.fill(key, foreign, Tier.value(1, "x")))).isTrue();
        assertThat(Tier.get(cache.apply(key, Entry.tombstone(2)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "client"})
    void theSameContentWrittenAgainIsNotWhatWasRead(String way) {
        OutCache cache = Tier.open(out(way), "nonce");
        IMap<Object, Object> map = instance(way).getMap("g2cache:it:nonce:g1");
        EncodedKey key = Tier.key("a");
        for (Entry entry : List.of(Entry.tombstone(5), Tier.value(5, "x"))) {
            Tier.get(cache.apply(key, entry));
            OutSlot seen = Tier.get(cache.read(key));
            map.evict(key.bytes());
            assertThat(Tier.get(cache.fill(key, seen, Tier.value(5, "after a loss"))))
                    .isFalse();
            Tier.get(cache.apply(key, entry));
            assertThat(Tier.get(cache.fill(key, seen, Tier.value(5, "late")))).isFalse();
            map.evict(key.bytes());
        }
        OutSlot lease = Tier.get(cache.lease(key));
        map.evict(key.bytes());
        Tier.get(cache.lease(key));
        assertThat(Tier.get(cache.fill(key, lease, Tier.value(5, "late")))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"member", "client"})
    void nodesThatDisagreeAboutAMapStillShareIt(String way) {
        OutCache cache = Tier.open(out(way), "disagree");
        Tier.get(cache.apply(Tier.key("a"), Entry.tombstone(1)));
        HazelcastOut other = HazelcastOut.using(instance(way), Tier.PATIENT.withMaxHeapPercent(50));
        OutContext longer = new OutContext(
                "it", "disagree", "g1", Tier.GARBAGE_AFTER.multipliedBy(2), Runnable::run, TimeSource.SYSTEM);
        OutCache otherCache = other.open(longer);
        assertThat(Tier.get(otherCache.read(Tier.key("a"))).version()).isEqualTo(1);
        assertThat(Tier.get(otherCache.apply(Tier.key("a"), Entry.tombstone(2))))
                .isTrue();
        other.close();
    }
}
