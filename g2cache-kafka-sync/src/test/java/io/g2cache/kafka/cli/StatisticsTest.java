package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final LogStatistics statistics = new LogStatistics(3, 2, NOW);
    private long offset;

    private void add(String cache, String key, int bytes, long time) {
        byte[] encoded = key.getBytes(StandardCharsets.UTF_8);
        LogRecord found = new LogRecord(
                0,
                offset++,
                time,
                bytes,
                (cache + key).getBytes(StandardCharsets.UTF_8),
                new Event.Invalidate(cache, encoded, "n"),
                null);
        statistics.add(found, EventFields.of(found));
    }

    @Test
    void countsWhatIsSuperseded() {
        add("a", "x", 10, NOW - 200_000);
        add("a", "x", 20, NOW - 60_000);
        add("b", "x", 40, NOW);
        add("a", "x", 30, NOW);
        Tally.Group a = statistics.tally().sorted().get(0);
        assertThat(a.cache()).isEqualTo("a");
        assertThat(a.records()).isEqualTo(3);
        assertThat(a.bytes()).isEqualTo(60);
        assertThat(a.superseded()).isEqualTo(2);
        assertThat(a.supersededBytes()).isEqualTo(30);
        assertThat(a.oldestMillis()).isEqualTo(NOW - 200_000);
        assertThat(a.newestMillis()).isEqualTo(NOW);
        assertThat(statistics.tally().sorted().get(1).superseded()).isZero();
        assertThat(statistics.keys()).isEqualTo(2);
        assertThat(statistics.inMinute(0)).isOne();
        assertThat(statistics.inMinute(1)).isEqualTo(2);
        assertThat(statistics.limitReached()).isFalse();
    }

    @Test
    void saysWhenTheLimitOfKeysIsReached() {
        for (int i = 0; i < 4; i++) {
            add("a", "key-" + i, 1, NOW);
        }
        add("a", "key-0", 1, NOW);
        assertThat(statistics.limitReached()).isTrue();
        assertThat(statistics.tally().sorted().get(0).superseded()).isOne();
        StringWriter out = new StringWriter();
        new StatsText(new PrintWriter(out, true), KeyFormat.TEXT).print(statistics);
        assertThat(out.toString()).contains("limit of keys reached, keyLimit=3").contains("cache=a key=key-0");
        assertThat(StatsJson.of("t", statistics, KeyFormat.TEXT)
                        .get("keyLimitReached")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theTableIsAMap() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        KeyTable table = new KeyTable(5_000);
        Map<Long, Long> model = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            long number = random.nextInt(8_000) - 10;
            long hash = i % 2 == 0 ? number * 2 : number << 32;
            long expected = model.size() < 5_000 ? KeyTable.NEW : KeyTable.REFUSED;
            expected = model.getOrDefault(hash, expected);
            assertThat(table.put(hash, i)).as("seed=%d i=%d", seed, i).isEqualTo(expected);
            if (expected != KeyTable.REFUSED) {
                model.put(hash, (long) i);
            }
        }
        assertThat(table.size()).isEqualTo(5_000);
    }

    @Test
    void furtherCachesAreCountedTogether() {
        Tally tally = new Tally();
        for (int i = 0; i < Tally.MOST_GROUPS + 5; i++) {
            tally.add(new EventFields("CLEAR", "cache-" + i, null, "", null, null), 1, NOW);
        }
        List<Tally.Group> groups = tally.sorted();
        assertThat(groups).hasSize(Tally.MOST_GROUPS + 1);
        assertThat(groups.get(0).cache()).isEqualTo(Tally.OTHERS);
        assertThat(groups.get(0).records()).isEqualTo(5);
        assertThat(tally.records()).isEqualTo(Tally.MOST_GROUPS + 5);
    }

    @Test
    void theLargestAreKept() {
        Largest largest = new Largest(2);
        for (int size : new int[] {3, 9, 1, 7, 9}) {
            largest.offer(new Largest.Item(size, 0, offset++, "c", new byte[0]));
        }
        assertThat(largest.items()).extracting(Largest.Item::bytes).containsExactly(9L, 9L);
        assertThat(largest.wants(9)).isFalse();
        assertThat(largest.wants(10)).isTrue();
    }
}
