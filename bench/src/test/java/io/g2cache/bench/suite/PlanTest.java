package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final double LIMIT_SECONDS = 115 * 60;

    private static Row row(String thing, Side side) {
        return Row.of(Group.LOCAL, thing, side, LocalBenchmark.class, "get", Map.of());
    }

    @Test
    void letsThoseWhoDoTheSameTakeTurns() {
        Row a = row("hit", Side.ours("a"));
        Row other = row("put", Side.ours("a"));
        Row b = row("hit", Side.peer("b"));
        assertThat(Plan.of(List.of(a, other, b), Effort.FULL).turns())
                .containsExactly(
                        new Turn(a, 1),
                        new Turn(b, 1),
                        new Turn(a, 2),
                        new Turn(b, 2),
                        new Turn(a, 3),
                        new Turn(b, 3),
                        new Turn(other, 1),
                        new Turn(other, 2),
                        new Turn(other, 3));
    }

    @Test
    void estimatesWhatIsLeft() {
        Plan plan = Plan.of(List.of(row("hit", Side.ours("a"))), Effort.FULL);
        assertThat(plan.seconds()).isEqualTo(3 * (1.5 + 3 + 8));
        assertThat(plan.secondsFrom(2)).isEqualTo(1.5 + 3 + 8);
        assertThat(plan.secondsFrom(3)).isZero();
    }

    @Test
    void endsAllRowsInTime() {
        assertThat(Plan.of(Rows.all(), Effort.FULL).seconds()).isLessThan(LIMIT_SECONDS);
    }
}
