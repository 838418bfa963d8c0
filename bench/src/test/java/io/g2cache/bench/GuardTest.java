package io.g2cache.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GuardTest {
    private record Fixed(String name, double target, Callable<Double> value) implements Figure {
        @Override
        public double measure() throws Exception {
            return value.call();
        }

        @Override
        public String note() {
            return name.equals("noted") ? "peer: 3" : "";
        }
    }

    @Test
    void printsALineForEachFigureWhateverBecomesOfIt() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        AtomicInteger calls = new AtomicInteger();
        int far = new Guard(new PrintStream(printed, true, StandardCharsets.UTF_8))
                .run(List.of(
                        new Fixed("reached", 1.15, () -> 1.15),
                        new Fixed("missed", 2, () -> 2.004),
                        new Fixed("missed by far", 2, () -> 4.004),
                        new Fixed("broken", 2, () -> {
                            throw new IOException("no broker");
                        }),
                        new Fixed("noted", 2, () -> 0.25),
                        new Fixed("disturbed", 2, () -> calls.incrementAndGet() == 1 ? 5.0 : 1.0),
                        new Fixed("after", 2, () -> 0.5)));
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "figure | value | target | result",
                        "reached | 1.150 | 1.15 | ok",
                        "missed | 2.004 | 2.00 | MISS",
                        "missed by far | 4.004 | 2.00 | FAR",
                        "broken | failed: java.io.IOException: no broker | 2.00 | FAR",
                        "noted | 0.250 | 2.00 | ok (peer: 3)",
                        "disturbed | 1.000 | 2.00 | ok",
                        "after | 0.500 | 2.00 | ok");
        assertThat(far).isEqualTo(2);
    }

    @Test
    void everyGroupHasFiguresWithNamesOfTheirOwn() {
        Main.groups().forEach((name, group) -> {
            List<Figure> figures = group.get();
            assertThat(figures).as(name).isNotEmpty();
            assertThat(figures.stream().map(Figure::name)).as(name).doesNotHaveDuplicates();
            assertThat(figures).as(name).allMatch(figure -> figure.target() >= 0);
        });
    }

    @Test
    void hitRatesOfTinyTiersAreToldButNotJudged() throws Exception {
        long[] zipfLike =
                new Random(1).longs(40_000, 0, 2_000).map(i -> i * i / 2_000).toArray();
        HitRateFigure figure = new HitRateFigure(new TraceSource("made", 1, () -> zipfLike));
        assertThat(figure.note()).isEmpty();
        assertThat(figure.measure()).isBetween(0.0, 100.0);
        assertThat(figure.note())
                .matches("not judged: -?[0-9.]+ at [0-9]{1,2} entries(, -?[0-9.]+ at [0-9]{1,2} entries)?");

        long[] largeLoop = LongStream.range(0, 60_000).map(i -> i % 20_000).toArray();
        HitRateFigure large = new HitRateFigure(new TraceSource("loop", 6, () -> largeLoop));
        assertThat(large.measure()).isGreaterThanOrEqualTo(0);
        assertThat(large.note()).isEmpty();

        long[] tinyOnly = new Random(1).longs(20_000, 0, 400).toArray();
        HitRateFigure tiny = new HitRateFigure(new TraceSource("tiny", 1, () -> tinyOnly));
        assertThat(tiny.measure()).isZero();
        assertThat(tiny.note()).matches("not judged: .* at 4 entries, .* at 20 entries, .* at 80 entries");
    }
}
