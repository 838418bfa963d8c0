package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TableTest {
    private static Measured measured(Side side, double value) {
        Row row = Row.of(Group.LOCAL, "hit", side, LocalBenchmark.class, "get", Map.of());
        return new Measured(row, new Score(value, value / 20, "ns/op", 15, Map.of(), Map.of(Score.ALLOCATED, 24.0)));
    }

    @Test
    void saysWhereAPeerWins() {
        Measured slow = measured(Side.ours("slow"), 120);
        Measured fast = measured(Side.ours("fast"), 60);
        List<Measured> contest =
                List.of(slow, fast, measured(Side.peer("best"), 80), measured(Side.peer("other"), 200));
        assertThat(slow.verdict(contest)).isEqualTo("1.50 x best (the peer wins)");
        assertThat(fast.verdict(contest)).isEqualTo("0.75 x best");
        assertThat(contest.get(2).verdict(contest)).isEmpty();
        assertThat(Table.text(List.of(contest)).lines().skip(1).findFirst())
                .hasValue("hit: g2cache slow                                           120   5.00 % ns/op        24.0"
                        + "         -  1.50 x best (the peer wins)");
    }

    @Test
    void countsMoreAsBetterWhereCallsAreCounted() {
        Row row = Row.of(Group.LOCAL, "hit", Side.ours("a"), LocalBenchmark.class, "get", Map.of())
                .threads(2);
        Row peer = Row.of(Group.LOCAL, "hit", Side.peer("b"), LocalBenchmark.class, "get", Map.of())
                .threads(2);
        Measured ours = new Measured(row, new Score(10, Double.NaN, "ops/us", 1, Map.of(), Map.of()));
        Measured theirs = new Measured(peer, new Score(20, Double.NaN, "ops/us", 1, Map.of(), Map.of()));
        assertThat(ours.verdict(List.of(ours, theirs))).isEqualTo("0.50 x b (the peer wins)");
    }

    @Test
    void givesTheCommandOfEachThing() {
        assertThat(Table.markdown(
                        List.of(List.of(measured(Side.ours("a"), 1))), Map.of("cores", new TreeSet<>(List.of("2")))))
                .contains("| hit: g2cache a | 1.00 | 5.00 % | ns/op | 24.0 | - |  |")
                .contains("- cores: 2")
                .contains("bin/g2cache bench local --only 'hit:'");
    }
}
