package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosPageTest {
    private static final long BEGIN = 1_000_000_000_000L;

    private static long at(double second) {
        return BEGIN + (long) (second * 1e9);
    }

    private static ChaosRun run(List<Finding> findings) {
        Fault fault = new Fault(Action.KILL, new Part(Part.Kind.BROKER, 2), 2_000, 5_000);
        List<Operation> operations = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        for (int node = 1; node <= KeySpace.NODES; node++) {
            for (int second = 0; second < 10; second++) {
                long start = at(second + 0.1);
                operations.add(
                        new Operation(node, 1, Kind.READ, 4, start, start, start + 2_000_000 * node, 1, 0, Outcome.OK));
                operations.add(
                        new Operation(node, 1, Kind.INVALIDATE, 4, start, start, start + 1_000_000, 2, 0, Outcome.OK));
                samples.add(new Sample(node, 1, at(second + 0.5), Sample.READY, 0, 0, 0, 0, 0, 0, 7, 5, 1));
            }
        }
        History history = new History(operations, samples);
        List<Strike> strikes = List.of(new Strike(0, fault, at(2), at(5), at(5.4)));
        Verdict verdict =
                new Verdict(findings, 1, 1_234_000_000, 0, 0, List.of(new Verdict.StaleRead(at(4), 1_234_000_000)));
        return new ChaosRun(
                42,
                Duration.ofSeconds(10),
                BEGIN,
                new Plan(List.of(new Plan.Round(List.of(fault)))),
                strikes,
                history,
                verdict,
                Recovery.of(history, strikes));
    }

    @Test
    void thePageTellsHowToRepeatTheRunAndNeedsNothingFromElsewhere() {
        String page = ChaosPage.of(run(List.of()), "test");
        assertThat(page)
                .contains("-Dg2cache.chaos.seed=42 -Dg2cache.chaos.seconds=10")
                .contains("kill broker 2, 2 s to 5.4 s")
                .contains("1234 ms")
                .contains("<b>21</b>read from the local tiers", "<b>15</b>read from the out tier", "<b>3</b>loaded")
                .contains("<p>None.</p>")
                .doesNotContain("http:", "https:", "<script", "src=", "NaN", "Infinity");
        assertThat(page.split("<svg ", -1)).hasSize(6);
        assertThat(page.split("</svg>", -1)).hasSize(6);
    }

    /** Ready at 5.5 s; the first calls that began after 5.4 s did so at 6.1 s. */
    @Test
    void recoveryIsCountedFromTheEndOfTheLastFault() {
        assertThat(ChaosPage.of(run(List.of()), "test"))
                .contains("<td>5.40 s</td><td>0.10 s</td><td>0.71 s</td><td>0.70 s</td>");
    }

    @Test
    void brokenPromisesAreShownAsTextOfThePage() {
        Finding finding = new Finding(Finding.Promise.BOUNDED_STALENESS, 3, at(4), "version=<1> & 'old'");
        assertThat(ChaosPage.of(run(List.of(finding)), "a<b"))
                .contains("bounded staleness</td><td>3</td><td>4.00 s</td>")
                .contains("version=&lt;1&gt; &amp; &#39;old&#39;")
                .contains("a&lt;b");
    }
}
