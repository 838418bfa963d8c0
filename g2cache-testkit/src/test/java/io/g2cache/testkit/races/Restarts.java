package io.g2cache.testkit.races;

import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.races.Moves.Moment;
import org.jspecify.annotations.Nullable;

/** {@link Meetings} in which a node dies. Used by one thread, outside all loaders. */
final class Restarts {
    private static final int TURNS = 3;

    private final Run run;
    private final Moves moves;
    private final Disturbances disturbances;

    Restarts(Run run, Moves moves, Disturbances disturbances) {
        this.run = run;
        this.moves = moves;
        this.disturbances = disturbances;
    }

    void any(TestNode node, String key) {
        if (run.awake().size() < 2) {
            return;
        }
        switch (run.random.nextInt(run.plan.cache().outTier() ? 5 : 2)) {
            case 0 -> clearIsLongAgo(node, key);
            case 1 -> replayIsAhead(node, key);
            case 2 -> writerStartsAgain(node, key);
            case 3 -> fillerDies(node, key);
            default -> lateWriterDies(key);
        }
    }

    private @Nullable TestNode restart(TestNode node) {
        return run.nodes.nodes().size() < run.plan.mostNodes() ? disturbances.restart(node) : null;
    }

    /** A node starts again when no event tells any more of the clear that has killed what its local tier holds. */
    private void clearIsLongAgo(TestNode node, String key) {
        if (!moves.outlivesMemory()) {
            return;
        }
        moves.hold(node, key);
        moves.writes.clear(run.anyNode());
        moves.everybodyForgets(key);
        TestNode heir = restart(node);
        if (heir != null) {
            for (int i = 0; i < TURNS; i++) {
                run.cycleAll(heir);
                moves.drain(heir);
            }
            moves.read(heir, key);
        }
    }

    /** The replay into a kept tier comes past an event during a load, and the tailer only later. */
    private void replayIsAhead(TestNode node, String key) {
        moves.hold(node, key);
        moves.cycle(node, "housekeeper");
        TestNode heir = restart(node);
        if (heir != null) {
            moves.forget(heir, key);
            moves.readAround(Moment.LOADED, heir, key, () -> {
                moves.writes.invalidateAndDie(key);
                moves.cycle(heir, "replay", 1 + run.random.nextInt(3));
            });
            moves.cycle(heir, "tailer");
        }
    }

    /** The out tier does not take a write, its writer dies and is soon there again, and reads what it has written. */
    private void writerStartsAgain(TestNode node, String key) {
        moves.forget(node, key);
        moves.hold(node, key);
        moves.progressIsKnown();
        node.outFaults().rate(OutFault.FAILED, 1);
        run.narrative.tell(node, "loses the out tier");
        run.update(key);
        moves.writes.invalidate(node, key);
        moves.drain(node);
        TestNode heir = restart(node);
        if (heir != null) {
            for (int i = 0; i < TURNS; i++) {
                moves.time.pass(Time.UPKEEP);
                moves.drain(heir);
            }
            moves.read(heir, key);
        }
    }

    /** An event comes to the out tier while a load is under way whose node dies before it has heard of it. */
    private void fillerDies(TestNode node, String key) {
        moves.drain(node);
        moves.forget(node, key);
        moves.readAround(Moment.LOADED, node, key, () -> {
            moves.writes.invalidateAndDie(key);
            moves.othersMaterialise(node);
        });
        disturbances.kill(node);
        moves.readLater(key);
    }

    /** A put comes to the out tier when a newer event has been there, and its writer dies before it has heard of that. */
    private void lateWriterDies(String key) {
        TestNode owner = moves.latePut(key);
        if (owner == null) {
            return;
        }
        moves.othersMaterialise(owner);
        if (run.random.nextBoolean()) {
            run.narrative.tell(null, "the out tier evicts " + key);
            run.nodes.out().evict(run.nodes.key(key));
        }
        moves.drain(owner);
        disturbances.kill(owner);
        moves.readLater(key);
    }
}
