package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.it.chaos.Fault.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static List<Trouble> troubles() {
        List<Trouble> all = new ArrayList<>();
        ChildWorld.add(all, Part.Kind.NODE, 3, Action.KILL, Action.FREEZE);
        ChildWorld.add(all, Part.Kind.BROKER, 3, Action.KILL, Action.FREEZE);
        ChildWorld.add(all, Part.Kind.MEMBERS_WAY, 1, Action.CUT);
        all.add(new Trouble(Action.KILL, ChildWorld.parts(Part.Kind.BROKER, 3)));
        return all;
    }

    @Test
    void theSameSeedGivesTheSamePlanAndAnotherSeedAnotherOne() {
        assertThat(Plan.of(5, LONG, troubles())).isEqualTo(Plan.of(5, LONG, troubles()));
        assertThat(Plan.of(5, LONG, troubles())).isNotEqualTo(Plan.of(6, LONG, troubles()));
    }

    @Test
    void roundsAreApartAndEndInTime() {
        for (long seed = 0; seed < 200; seed++) {
            long free = 0;
            for (Plan.Round round : Plan.of(seed, LONG, troubles()).rounds()) {
                assertThat(round.begin()).isGreaterThanOrEqualTo(free);
                assertThat(round.faults())
                        .allSatisfy(fault -> assertThat(fault.end())
                                .isGreaterThan(fault.begin() + 2_000)
                                .isLessThanOrEqualTo(round.begin() + 8_500));
                free = round.end() + 6_000;
            }
            assertThat(free).isLessThanOrEqualTo(LONG.toMillis());
        }
    }

    @Test
    void nothingHappensToAPartThatIsBrokenAlready() {
        for (long seed = 0; seed < 200; seed++) {
            for (Plan.Round round : Plan.of(seed, LONG, troubles()).rounds()) {
                assertThat(round.faults()).extracting(Fault::part).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void everyTroubleHasItsTurnAndSomeComeTogether() {
        Plan plan = Plan.of(3, LONG, troubles());
        Set<String> seen = new HashSet<>();
        plan.rounds().forEach(round -> round.faults().forEach(fault -> seen.add(fault.toString())));
        assertThat(seen).hasSize(13);
        assertThat(plan.rounds())
                .anyMatch(round -> round.faults().size() == 1)
                .anyMatch(round -> round.faults().size() == 2)
                .anyMatch(round -> round.faults().size() > 3);
    }
}
