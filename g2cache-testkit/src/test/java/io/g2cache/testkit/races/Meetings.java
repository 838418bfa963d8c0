package io.g2cache.testkit.races;

import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.races.Moves.Moment;
import java.time.Duration;

/**
 * Troubles that must meet in an order which chance alone hardly ever draws: each is what one rule of the protocol is for. What
 * happens before, after and beside them is drawn as ever. Used by one thread, outside all loaders.
 */
final class Meetings {
    private final Run run;
    private final Moves moves;
    private final Restarts restarts;
    private final Disturbances disturbances;

    Meetings(Run run, Moves moves, Disturbances disturbances) {
        this.run = run;
        this.moves = moves;
        this.restarts = new Restarts(run, moves, disturbances);
        this.disturbances = disturbances;
    }

    void any(TestNode node, String key) {
        if (run.plan.troubles().kills() && run.random.nextBoolean()) {
            restarts.any(node, key);
            return;
        }
        boolean hasOutTier = run.plan.cache().outTier();
        switch (run.random.nextInt(hasOutTier ? 7 : 5)) {
            case 0 -> putIsLate(key);
            case 1 -> sleeps(node, key);
            case 2 -> proofIsLate(node, key);
            case 3 -> joinsAnOldLoad(node, key);
            case 4 -> standsStillInALoad(node, key);
            case 5 -> olderEntriesComeBack(node, key);
            default -> copyIsOvertaken(node, key);
        }
    }

    /** A put is in the log, and comes to the tiers when a newer event has been there, and is not there any more. */
    private void putIsLate(String key) {
        TestNode owner = moves.latePut(key);
        if (owner == null) {
            return;
        }
        if (run.random.nextBoolean()) {
            moves.cycle(owner, "tailer");
        }
        moves.othersMaterialise(owner);
        run.narrative.tell(null, "the out tier evicts " + key);
        run.nodes.out().evict(run.nodes.key(key));
        moves.drain(owner);
        if (run.plan.cache().outTier() && run.plan.troubles().faults()) {
            run.narrative.tell(owner, "the next call of its out tier will fail");
            owner.outFaults().next(OutFault.FAILED);
        }
        moves.cycle(owner, "tailer");
        moves.drain(owner);
    }

    /** A machine sleeps for longer than a hit may be stale, and then answers before it has heard of anything. */
    private void sleeps(TestNode node, String key) {
        if (!run.plan.troubles().clocks() || run.awake().size() < 2) {
            return;
        }
        moves.hold(node, key);
        run.asleep.add(node);
        run.narrative.tell(node, "falls asleep");
        moves.writes.invalidateAndDie(key);
        moves.time.pass(run.plan.cache().maxStaleness().plusMillis(run.random.nextInt(3_000)));
        moves.time.wakeAll();
        moves.reads.get(node, key);
    }

    /** The log's end is asked for, and reached only when there is more. */
    private void proofIsLate(TestNode node, String key) {
        moves.hold(node, key);
        int partition = run.nodes.key(key).partition();
        String other = Moves.names()
                .filter(name -> run.nodes.key(name).partition() == partition)
                .findFirst()
                .orElseThrow();
        run.nodes.invalidateAndDie(other);
        moves.cycle(node, "housekeeper");
        moves.cycle(node, "housekeeper");
        moves.writes.invalidateAndDie(key);
        Duration most = run.plan.cache().maxStaleness().multipliedBy(7).dividedBy(10);
        moves.time.pass(most);
        run.narrative.tell(node, "its tailer comes to what lies before the last event");
        node.log().holdBackTail(1);
        moves.cycle(node, "tailer");
        moves.time.pass(most);
        moves.reads.get(node, key);
        node.log().holdBackTail(0);
    }

    /** A node has heard of an event while a load is under way that is older. */
    private void joinsAnOldLoad(TestNode node, String key) {
        moves.drain(node);
        moves.forget(node, key);
        moves.readAround(Moment.LOADED, node, key, () -> {
            TestNode writer = run.anyNode();
            run.update(key);
            moves.writes.invalidate(writer, key);
            if (writer != node) {
                moves.drain(writer);
            }
            moves.cycle(node, "tailer");
            moves.reads.get(node, key);
        });
    }

    /** A process stands still for longer than a hit may be stale while it loads, and reads again before it has heard of anything. */
    private void standsStillInALoad(TestNode node, String key) {
        moves.drain(node);
        moves.forget(node, key);
        moves.readAround(Moment.LOADED, node, key, () -> {
            moves.writes.invalidateAndDie(key);
            moves.time.standStill(run.plan.cache().maxStaleness().plusMillis(run.random.nextInt(3_000)));
            moves.reads.get(node, key);
        });
    }

    /** A value of the out tier is about to be copied when the node hears of a newer event. */
    private void copyIsOvertaken(TestNode node, String key) {
        moves.hold(node, key);
        node.evictLocally(run.nodes.key(key));
        moves.readAround(Moment.FILLING, node, key, () -> {
            moves.writes.invalidateAndDie(key);
            moves.cycle(node, "tailer");
        });
    }

    /** The out tier has older entries again when nobody remembers what came after them. */
    private void olderEntriesComeBack(TestNode node, String key) {
        if (disturbances.isSplitting() || !moves.outlivesMemory()) {
            return;
        }
        moves.time.wakeAll();
        moves.everyoneWorks();
        moves.forget(node, key);
        moves.hold(node, key);
        long since = run.nodes.time().wallMillis();
        MemoryOut.Store before = run.nodes.store().copy();
        moves.writes.invalidateAndDie(key);
        moves.everybodyForgets(key);
        disturbances.resurrect(before, since);
        run.narrative.tell(null, "the out tier has older entries again, " + key + "=" + run.nodes.shared(key));
        if (run.random.nextBoolean()) {
            TestNode reader = run.anyNode();
            moves.cycle(reader, "housekeeper");
            moves.readPastLocalTier(reader, key);
        } else {
            moves.readLater(key);
        }
    }
}
