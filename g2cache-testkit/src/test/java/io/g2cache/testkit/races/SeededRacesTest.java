package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.fail;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.PublishMode;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Thousands of histories of several nodes, each made by its seed: {@code -Dg2cache.races.seed=N} repeats one. */
final class SeededRacesTest {
    private static final long FIRST = 1_000;

    @Test
    void nothingStaleIsLeftAndEveryWriteIsReadWithoutFaults() {
        histories(FIRST, 1_500, false);
    }

    @Test
    void nothingStaleIsLeftAndEveryWriteIsReadWithFaultsEverywhere() {
        histories(FIRST + 1_000_000, 2_500, true);
    }

    @Test
    void nothingStaleIsServedByNodesThatRestartWithTheirLocalTier() {
        restarts(FIRST + 4_000_000, 1_000);
    }

    @Test
    void nothingStaleIsServedWhileTheOutTierIsSplitAndJoined() {
        each(FIRST + 6_000_000, 500, SeededRacesTest::historyOfSplits);
    }

    @Test
    @Tag("nightly")
    void nothingStaleIsServedInTwentyThousandHistoriesOfSplits() {
        each(FIRST + 7_000_000, 20_000, SeededRacesTest::historyOfSplits);
    }

    @Test
    @Tag("nightly")
    void nothingStaleIsServedInFiftyThousandHistoriesOfRestarts() {
        restarts(FIRST + 5_000_000, 50_000);
    }

    @Test
    @Tag("nightly")
    void nothingStaleIsLeftInAHundredThousandHistories() {
        histories(FIRST + 2_000_000, 100_000, true);
    }

    private static void restarts(long first, int count) {
        each(first, count, SeededRacesTest::historyOfRestarts);
    }

    private static void histories(long first, int count, boolean faults) {
        each(first, count, seed -> history(seed, faults));
    }

    private static void each(long first, int count, LongConsumer history) {
        Long only = Long.getLong("g2cache.races.seed");
        if (only != null) {
            history.accept(only);
            return;
        }
        for (long seed = first; seed < first + count; seed++) {
            history.accept(seed);
        }
    }

    private static void historyOfRestarts(long seed) {
        Random random = new Random(seed);
        PublishMode publish = random.nextBoolean() ? PublishMode.INVALIDATE : PublishMode.VALUE;
        boolean tags = random.nextBoolean();
        Settings settings = Settings.byHand(seed).with(spec -> tagged(spec.publish(publish), tags));
        try (TwoNodes nodes = new TwoNodes(random.nextInt(4) == 0 ? settings.withoutOutTier() : settings)) {
            Simulation simulation = new Simulation(nodes, seed, 1 + random.nextInt(3), 8);
            if (tags) {
                simulation.withTags();
            }
            for (int restart = 0; restart < 4; restart++) {
                simulation.run(20 + random.nextInt(60));
                simulation.killAndRestart(random.nextInt(30));
            }
            simulation.run(random.nextInt(60));
            simulation.finish(false);
        } catch (AssertionError | RuntimeException e) {
            fail("seed=" + seed + " with restarts: " + e.getMessage(), e);
        }
    }

    private static void historyOfSplits(long seed) {
        Random random = new Random(seed);
        PublishMode publish = random.nextBoolean() ? PublishMode.INVALIDATE : PublishMode.VALUE;
        Settings settings = Settings.byHand(seed).with(spec -> spec.publish(publish));
        try (TwoNodes nodes = new TwoNodes(settings)) {
            Simulation simulation = new Simulation(nodes, seed, 1 + random.nextInt(6), 4).withSplits();
            simulation.run(100 + random.nextInt(300));
            simulation.finish(random.nextInt(4) == 0);
        } catch (AssertionError | RuntimeException e) {
            fail("seed=" + seed + " with splits: " + e.getMessage(), e);
        }
    }

    private static CacheSpecBuilder<String, Long> tagged(CacheSpecBuilder<String, Long> spec, boolean tags) {
        return tags ? spec.tags((key, value) -> Simulation.tagsOf(key)) : spec;
    }

    private static void history(long seed, boolean faults) {
        Random random = new Random(seed);
        int keys = 1 + random.nextInt(3);
        boolean publishLoads = random.nextInt(4) == 0;
        boolean absentOut = random.nextInt(8) == 0;
        PublishMode publish = faults || random.nextBoolean() ? PublishMode.INVALIDATE : PublishMode.VALUE;
        boolean tags = random.nextBoolean();
        Settings byHand =
                Settings.byHand(seed).with(spec -> tagged(spec.publish(publish).publishLoads(publishLoads), tags));
        try (TwoNodes nodes = new TwoNodes(absentOut ? byHand.withoutOutTier() : byHand)) {
            Simulation simulation = new Simulation(nodes, seed, keys, 4);
            if (tags) {
                simulation.withTags();
            }
            if (faults) {
                nodes.nodes().forEach((TestNode node) -> simulation.injectFaults(node));
            }
            simulation.run(40 + random.nextInt(160));
            simulation.finish(random.nextInt(4) == 0);
        } catch (AssertionError | RuntimeException e) {
            fail("seed=" + seed + " faults=" + faults + ": " + e.getMessage(), e);
        }
    }
}
