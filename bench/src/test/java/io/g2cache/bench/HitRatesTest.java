package io.g2cache.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HitRatesTest {
    @Test
    void replaysEveryTraceAndWritesAPageThatNeedsNothingElse(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        List<HitRate> rates = new HitRates(new PrintStream(printed, true, StandardCharsets.UTF_8), folder).run(true);
        assertThat(rates).hasSize(18).allSatisfy(rate -> {
            assertThat(rate.optimum()).isGreaterThanOrEqualTo(rate.caffeine()).isGreaterThanOrEqualTo(rate.ours());
            assertThat(rate.optimum()).isGreaterThanOrEqualTo(rate.leastRecentlyUsed());
            assertThat(rate.lead())
                    .as("%s", rate.trace().name())
                    .isGreaterThan(-rate.trace().target() - 1);
        });
        String page = Files.readString(folder.resolve("hitrate.html"));
        assertThat(page).contains("<svg").doesNotContain("src=", "href=", "<script");
        assertThat(page.split("<circle")).hasSize(1 + 4 * (1 + rates.size()));
        assertThat(Files.readAllLines(folder.resolve("hitrate.csv"))).hasSize(1 + rates.size());
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1 + rates.size() + 2)
                .contains(HitRateReport.line(rates.get(0)))
                .endsWith("chart: " + folder.resolve("hitrate.html").toAbsolutePath());
    }

    @Test
    void theSamplesOfALoopAreKnown() {
        Trace loop = Trace.of("loop", 6, new long[] {7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9}, 10);
        assertThat(loop.keys()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
        assertThat(loop.distinct()).isEqualTo(3);
        assertThat(loop.nextAccesses()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 10, 10);
        assertThat(Replay.leastRecentlyUsed(loop, 2)).isZero();
        assertThat(Replay.leastRecentlyUsed(loop, 3)).isEqualTo(70);
        assertThat(Replay.optimum(loop, 1)).isEqualTo(30);
        assertThat(Replay.optimum(loop, 3)).isEqualTo(70);
    }

    @Test
    void aSetOfPlacesFindsItsLast() {
        Random random = new Random(1);
        for (int size : new int[] {1, 64, 65, 5_000, 300_000}) {
            PlaceSet places = new PlaceSet(size);
            TreeSet<Integer> expected = new TreeSet<>();
            for (int i = 0; i < 5_000; i++) {
                int place = random.nextInt(size);
                if (random.nextBoolean()) {
                    places.add(place);
                    expected.add(place);
                } else {
                    places.remove(place);
                    expected.remove(place);
                }
                assertThat(places.contains(place)).isEqualTo(expected.contains(place));
                if (!expected.isEmpty()) {
                    assertThat(places.last()).isEqualTo(expected.last());
                }
            }
        }
    }
}
