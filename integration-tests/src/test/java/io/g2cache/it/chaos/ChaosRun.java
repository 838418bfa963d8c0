package io.g2cache.it.chaos;

import io.g2cache.it.chaos.SqlTruth.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * One run: clients work while the nemesis carries its plan out, then everything is healed, all come to rest, every node and the
 * out tier are read once more, and what was recorded is checked. Immutable.
 *
 * @param seed of the plan and the clients
 * @param duration how long the clients worked
 * @param begin when they began, in nanoseconds of the machine's monotonic clock
 * @param plan what the nemesis was to do
 * @param strikes what it did
 * @param history what was recorded
 * @param verdict what the check came to
 * @param recoveries how long each round's consequences lasted
 */
record ChaosRun(
        long seed,
        Duration duration,
        long begin,
        Plan plan,
        List<Strike> strikes,
        History history,
        Verdict verdict,
        List<Recovery> recoveries) {
    /** What a read may take: its calls of the out tier and of the database, each within its deadline. */
    static final Checker.Limits LIMITS =
            new Checker.Limits(NodeSettings.MAX_STALENESS, Duration.ofSeconds(4), NodeSettings.TOKEN_TIMEOUT);

    private static final Duration HEALED = Duration.ofSeconds(90);
    private static final Duration REST = Duration.ofSeconds(4);

    /** Makes the world for a run. */
    interface Start {
        World start(SqlTruth truth) throws Exception;
    }

    /** Runs, and checks the histories that come to lie in this directory. */
    @SuppressWarnings("try") // what is held needs no further word
    static ChaosRun run(long seed, Duration duration, Path directory, Start start) throws Exception {
        try (Alone alone = Alone.await();
                SqlTruth truth = SqlTruth.start();
                World world = start.start(truth)) {
            // Everybody is there before it begins.
            truth.phase(Phase.REST);
            await(truth, Phase.REST);
            Plan plan = Plan.of(seed, duration, world.troubles());
            long begin = System.nanoTime();
            truth.phase(Phase.WORK);
            List<Strike> strikes = new Nemesis(world, plan).run();
            long left = begin + duration.toNanos() - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, left));
            truth.phase(Phase.REST);
            await(truth, Phase.REST);
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            truth.phase(Phase.FINAL);
            await(truth, Phase.FINAL);
            world.startOutView();
            Awaitility.await().atMost(HEALED).until(() -> truth.isDone(KeySpace.NODES + 1, Phase.FINAL));
            History history = History.read(directory);
            return new ChaosRun(
                    seed,
                    duration,
                    begin,
                    plan,
                    strikes,
                    history,
                    Checker.check(history, LIMITS),
                    Recovery.of(history, strikes));
        }
    }

    private static void await(SqlTruth truth, Phase phase) {
        Awaitility.await("all nodes in " + phase).atMost(HEALED).until(() -> truth.done(phase) == KeySpace.NODES);
    }
}
