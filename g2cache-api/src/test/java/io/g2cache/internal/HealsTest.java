package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Tombstones that the out tier does not take at once. */
class HealsTest {
    private final ManualTime time = new ManualTime();
    private final KeySpace keys = new KeySpace("cities", 1);
    private final ScriptedOut out = new ScriptedOut();
    private final List<Long> doubts = new ArrayList<>();
    private final CacheCounters stats = new CacheCounters(GuardedRecorder.of(null));
    private final Heals heals = new Heals(
            out.open(new OutContext("ns", "cities", "g", Duration.ofDays(1), Runnable::run, time)),
            new RecentVersions(16, (partition, version, nanos) -> {}),
            (since, reason) -> doubts.add(since),
            stats,
            new OutFailures(stats, new LimitedLog(LoggerFactory.getLogger(HealsTest.class), time)));

    private Map<EncodedKey, Long> versions() {
        Map<EncodedKey, Long> versions = new HashMap<>();
        out.entries("cities").forEach((key, entry) -> {
            assertThat(entry.isTombstone()).isTrue();
            versions.put(key, entry.version());
        });
        return versions;
    }

    private EncodedKey key(int number) {
        return keys.key(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    @Test
    void whatFailsIsRepeatedUntilItWorks() {
        out.fails = true;
        heals.heal(key(1), 7).join();
        heals.heal(key(2), 8).join();
        heals.repeat();
        assertThat(heals.waiting()).isEqualTo(2);

        out.fails = false;
        heals.repeat();
        assertThat(heals.waiting()).isZero();
        assertThat(versions()).isEqualTo(Map.of(key(1), 7L, key(2), 8L));
    }

    @Test
    void theNewestTombstoneOfAKeyIsTheOneThatIsRepeated() {
        out.fails = true;
        heals.heal(key(1), 9).join();
        heals.heal(key(1), 7).join();
        out.fails = false;
        heals.heal(key(1), 8).join();
        assertThat(heals.waiting()).isEqualTo(1);
        heals.repeat();
        assertThat(heals.waiting()).isZero();
        assertThat(versions()).isEqualTo(Map.of(key(1), 9L));
    }

    @Test
    void onlyWhatThisNodeHasFilledIsHealedWhenAnEventComes() {
        heals.filling(key(1), 5);
        heals.eventApplied(key(1), 5);
        heals.eventApplied(key(2), 6);
        assertThat(versions()).isEmpty();
        heals.eventApplied(key(1), 6);
        assertThat(versions()).isEqualTo(Map.of(key(1), 6L));
    }

    @Test
    void aRedoIsAskedForWhenTooManyWait() {
        out.fails = true;
        for (int i = 0; i <= Heals.MOST_WAITING; i++) {
            heals.heal(key(i), i).join();
        }
        assertThat(doubts).containsExactly(OutDoubts.EVERYTHING);
        assertThat(heals.waiting()).isZero();
    }
}
