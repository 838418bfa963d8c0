package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.races.Moves.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One history of several nodes: one thread chooses each step by a seeded random generator, and a {@link Plan} that the same seed
 * has drawn says what may happen. A loader takes steps of its own before and after it reads the source, so that anything happens
 * while a load is under way. Checked are every answer ({@link Reads}), every store of a local tier, every call of a loader
 * ({@link Loads}), and, at rest, that no tier holds and no node gives anything but what the source has, and that nobody waits.
 */
final class Simulation {
    private static final int DEEPEST = 2;
    private static final int MOST_ROUNDS = 100;

    /** Loads that start more loads than one each would never end. */
    private static final int MOST_INTERRUPTIONS = 500;

    private final Run run;
    private final Time time;
    private final Reads reads;
    private final Writes writes;
    private final Disturbances disturbances;
    private final Moves moves;
    private final Meetings meetings;
    private boolean isEnding;
    private int interruptions;

    Simulation(Plan plan, Path directory) {
        run = new Run(plan, directory);
        time = new Time(run);
        reads = new Reads(run, new Loads(run, this::disturb, this::loaded));
        writes = new Writes(run);
        moves = new Moves(run, reads, writes, time);
        run.narrative.tell(null, plan.toString());
        disturbances = new Disturbances(run, writes, time, node -> node.beforeFill(this::betweenThreads));
        meetings = new Meetings(run, moves, disturbances);
    }

    /** Runs it. Returns what was wrong; empty if nothing was. */
    List<String> history() {
        try {
            steps(run.plan.steps());
            if (run.plan.troubles().kills() && run.wrong.isEmpty()) {
                disturbances.killAndRestart(() -> steps(run.random.nextInt(30)));
                steps(run.random.nextInt(60));
            }
            if (run.wrong.isEmpty() && run.random.nextInt(3) == 0) {
                meet();
            }
            if (run.wrong.isEmpty()) {
                finish();
            }
        } catch (AssertionError | RuntimeException e) {
            run.wrong(String.valueOf(e));
        } finally {
            run.nodes.nodes().stream().filter(TestNode::isAlive).forEach(TestNode::kill);
        }
        return run.wrong;
    }

    /** Each step, and what came of it. */
    String narrative() {
        return run.narrative.toString();
    }

    private void steps(int count) {
        for (int i = 0; i < count && run.wrong.isEmpty(); i++) {
            if (run.awake().isEmpty()) {
                time.wakeAll();
            }
            time.goOn();
            if (run.depth() == 0 && run.random.nextInt(200) == 0) {
                meet();
            }
            step(run.anyNode(), run.anyKey(), run.random.nextInt(100));
        }
    }

    private void meet() {
        if (run.awake().isEmpty()) {
            time.wakeAll();
        }
        run.quietly(() -> meetings.any(run.anyNode(), run.anyKey()));
    }

    private void step(TestNode node, String key, int dice) {
        if (dice < 34) {
            runTask(node);
        } else if (dice < 52) {
            List<String> agents = node.agents().names();
            String agent = agents.get(run.random.nextInt(agents.size()));
            cycle(node, agent);
        } else if (dice < 68) {
            reads.any(node, key);
        } else if (dice < 86) {
            writes.any(node, key);
        } else {
            disturbances.any(node, key);
        }
    }

    private void runTask(TestNode node) {
        int waiting = node.executor().waiting();
        if (waiting > 0) {
            run.narrative.tell(node, "runs a task of " + waiting);
            node.executor().runAny(run.random);
        }
    }

    private void cycle(TestNode node, String agent) {
        int done = run.cycle(node, agent);
        if (done > 0) {
            run.narrative.tell(node, agent + " did " + done);
        }
    }

    /** Before a fill, other threads may do anything; not before one of an agent's. */
    private void betweenThreads() {
        if (!run.isInAgent()) {
            run.inside(() -> moves.at(Moment.FILLING));
        }
        if (mayInterrupt() && !run.isInAgent() && run.random.nextInt(6) == 0) {
            interruptions++;
            run.inside(() -> steps(run.random.nextInt(6)));
        }
    }

    private boolean mayInterrupt() {
        return run.depth() < DEEPEST && !isEnding && !run.isQuiet() && interruptions < MOST_INTERRUPTIONS;
    }

    /** A read of the very key that is being loaded. */
    private void readAgain(TestNode node, String key) {
        reads.get(node, key);
        for (int i = 0; i < 4; i++) {
            runTask(node);
        }
    }

    private void loaded(TestNode node, String key) {
        run.inside(() -> moves.at(Moment.LOADED));
        disturb(node, key);
    }

    private void disturb(TestNode node, String key) {
        if (mayInterrupt()) {
            interruptions++;
            run.inside(() -> {
                if (run.plan.troubles().slowLoads() && run.random.nextInt(3) == 0) {
                    long longest = 2 * run.plan.cache().loadTimeout().toMillis();
                    time.pass(Duration.ofMillis(run.random.nextInt((int) longest)));
                }
                steps(run.random.nextInt(8));
                if (run.random.nextInt(8) == 0) {
                    disturbances.overtake(key);
                }
                if (run.random.nextInt(8) == 0 && run.awake().contains(node)) {
                    readAgain(node, key);
                }
            });
        }
    }

    /** Pays what is owed, comes to rest, and checks everything. */
    private void finish() {
        run.narrative.tell(null, "everything heals");
        isEnding = true;
        boolean takesLong = disturbances.heal();
        // no proof of freshness is newer than another of the same moment
        time.pass(Duration.ofMillis(600));
        rest(takesLong);
        for (int round = 0; writes.pay(); round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("still owed after rounds=" + round);
            }
            rest(false);
        }
        run.nodes.assertNoStale();
        if (run.random.nextInt(4) == 0) {
            if (run.random.nextBoolean()) {
                time.pass(Duration.ofSeconds(61));
            }
            run.nodes.join();
            rest(true);
        }
        lastReads();
        rest(false);
        run.nodes.assertNoStale();
        time.pass(run.plan.cache().loadTimeout().plusSeconds(6));
        rest(false);
        reads.assertNobodyWaits();
    }

    private void rest(boolean takesLong) {
        if (takesLong) {
            run.nodes.settle();
        } else {
            run.nodes.atRest();
        }
        for (int round = 0; areWritesQueued(); round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("writes are queued still after rounds=" + round);
            }
            time.pass(Duration.ofMillis(500));
            run.nodes.atRest();
        }
    }

    private boolean areWritesQueued() {
        return run.nodes.nodes().stream()
                .anyMatch(node -> node.isAlive() && node.node().writeQueue().waiting() > 0);
    }

    /** Every node gives what the source has. */
    private void lastReads() {
        for (TestNode node : run.nodes.nodes()) {
            if (node.isAlive()) {
                run.plan.keyNames().forEach(key -> reads.last(node, key));
            }
        }
    }
}
