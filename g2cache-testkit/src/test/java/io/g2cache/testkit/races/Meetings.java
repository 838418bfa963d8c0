package io.g2cache.testkit.races;

import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Troubles that must meet in an order which chance alone hardly ever draws: each is what one rule of the protocol is for. What
 * happens before, after and beside them is drawn as ever. Used by one thread, outside all loaders.
 */
final class Meetings {
    private static final int CYCLES = 3;
    private static final int AS_MANY_AS_A_STRIPE_REMEMBERS = 64;
    private static final int STRIPE_SHIFT = 60;

    private final Run run;
    private final Reads reads;
    private final Writes writes;
    private final Time time;
    private final Disturbances disturbances;
    private @Nullable Runnable whileLoading;

    Meetings(Run run, Reads reads, Writes writes, Time time, Disturbances disturbances) {
        this.run = run;
        this.reads = reads;
        this.writes = writes;
        this.time = time;
        this.disturbances = disturbances;
    }

    void any(TestNode node, String key) {
        boolean hasOutTier = run.plan.cache().outTier();
        boolean kills = run.plan.troubles().kills();
        int how = run.random.nextInt(14);
        if (how < 3) {
            putIsLate(key);
        } else if (how < 5) {
            sleeps(node, key);
        } else if (how < 7) {
            proofIsLate(node, key);
        } else if (how < 8 && hasOutTier) {
            olderEntriesComeBack(node, key);
        } else if (how < 10 && kills && hasOutTier) {
            writerStartsAgain(node, key);
        } else if (how < 12 && kills && hasOutTier) {
            fillerDies(node, key);
        } else {
            joinsAnOldLoad(node, key);
        }
    }

    /** A loader has read the source. */
    void loaded() {
        Runnable step = whileLoading;
        whileLoading = null;
        if (step != null) {
            step.run();
        }
    }

    /**
     * A put is in the log, and comes to the tiers when a newer event has been there, and is not there any more; or it is, and the
     * put's writer dies before it hears of that.
     */
    private void putIsLate(String key) {
        TestNode owner = writes.owner(key);
        if (!run.awake().contains(owner)) {
            return;
        }
        drain(owner);
        run.narrative.tell(owner, "a put of " + key + " will be late");
        writes.put(key);
        writes.invalidateAndDie(key);
        boolean dies = run.plan.troubles().kills() && run.awake().size() > 1 && run.random.nextBoolean();
        if (!dies && run.random.nextBoolean()) {
            cycle(owner, "tailer");
        }
        othersMaterialise(owner);
        if (dies) {
            drain(owner);
            disturbances.kill(owner);
            return;
        }
        run.narrative.tell(null, "the out tier evicts " + key);
        run.nodes.out().evict(run.nodes.key(key));
        drain(owner);
        cycle(owner, "tailer");
        drain(owner);
    }

    /** A machine sleeps for longer than a hit may be stale, and then answers before it has heard of anything. */
    private void sleeps(TestNode node, String key) {
        if (!run.plan.troubles().clocks() || run.awake().size() < 2) {
            return;
        }
        hold(node, key);
        run.asleep.add(node);
        run.narrative.tell(node, "falls asleep");
        writes.invalidateAndDie(key);
        time.pass(run.plan.cache().maxStaleness().plusMillis(run.random.nextInt(3_000)));
        time.wakeAll();
        reads.get(node, key);
    }

    /** The log's end is asked for, and reached only when there is more. */
    private void proofIsLate(TestNode node, String key) {
        hold(node, key);
        int partition = run.nodes.key(key).partition();
        String other = names().filter(name -> run.nodes.key(name).partition() == partition)
                .findFirst()
                .orElseThrow();
        run.nodes.invalidateAndDie(other);
        for (int i = 0; i < 2 * CYCLES; i++) {
            run.cycle(node, "housekeeper");
        }
        writes.invalidateAndDie(key);
        Duration most = run.plan.cache().maxStaleness().multipliedBy(7).dividedBy(10);
        time.pass(most);
        run.narrative.tell(node, "its tailer comes to what lies before the last event");
        node.log().holdBackTail(1);
        cycle(node, "tailer");
        time.pass(most);
        reads.get(node, key);
        node.log().holdBackTail(0);
    }

    /** The out tier has older entries again when nobody remembers what came after them. */
    private void olderEntriesComeBack(TestNode node, String key) {
        Duration window = run.plan.cache().fenceWindow().plusSeconds(1);
        if (disturbances.isSplitting() || run.plan.cache().hard().compareTo(window) < 0) {
            return;
        }
        time.wakeAll();
        everyoneWorks();
        forget(node, key);
        hold(node, key);
        long since = run.nodes.time().wallMillis();
        MemoryOut.Store before = run.nodes.store().copy();
        writes.invalidateAndDie(key);
        everyoneWorks();
        run.narrative.tell(null, "everybody forgets the events of " + key);
        run.nodes.time().advance(window);
        everyoneWorks();
        long stripe = run.nodes.key(key).hash() >>> STRIPE_SHIFT;
        names().filter(name -> run.nodes.key(name).hash() >>> STRIPE_SHIFT == stripe)
                .limit(AS_MANY_AS_A_STRIPE_REMEMBERS)
                .forEach(run.nodes::invalidateAndDie);
        progressIsKnown();
        disturbances.resurrect(before, since);
        run.narrative.tell(null, "the out tier has older entries again, " + key + "=" + run.nodes.shared(key));
        if (run.random.nextBoolean()) {
            TestNode reader = run.anyNode();
            cycle(reader, "housekeeper");
            reader.evictLocally(run.nodes.key(key));
            reads.get(reader, key);
            drain(reader);
        }
    }

    /** The out tier does not take a write, its writer dies and is soon there again, and reads what it has written. */
    private void writerStartsAgain(TestNode node, String key) {
        if (run.awake().size() < 2 || run.nodes.nodes().size() >= run.plan.mostNodes()) {
            return;
        }
        forget(node, key);
        hold(node, key);
        progressIsKnown();
        node.outFaults().rate(OutFault.FAILED, 1);
        run.narrative.tell(node, "loses the out tier");
        writes.invalidate(node, key);
        drain(node);
        TestNode heir = disturbances.restart(node);
        if (heir != null) {
            for (int i = 0; i < CYCLES; i++) {
                cycle(heir, "housekeeper");
                drain(heir);
            }
            reads.get(heir, key);
            drain(heir);
        }
    }

    /** An event comes to the out tier while a load is under way whose node dies before it has heard of it. */
    private void fillerDies(TestNode node, String key) {
        if (run.awake().size() < 2) {
            return;
        }
        drain(node);
        forget(node, key);
        whileLoading = () -> {
            writes.invalidateAndDie(key);
            othersMaterialise(node);
        };
        reads.get(node, key);
        drain(node);
        whileLoading = null;
        disturbances.kill(node);
    }

    /** A node has heard of an event while a load is under way that is older. */
    private void joinsAnOldLoad(TestNode node, String key) {
        drain(node);
        forget(node, key);
        whileLoading = () -> {
            TestNode writer = run.anyNode();
            writes.invalidate(writer, key);
            drain(writer);
            cycle(node, "tailer");
            reads.get(node, key);
        };
        reads.get(node, key);
        drain(node);
        whileLoading = null;
    }

    /** A node has the key, if all goes well, and has heard of everything. */
    private void hold(TestNode node, String key) {
        cycle(node, "tailer");
        cycle(node, "housekeeper");
        reads.get(node, key);
        drain(node);
    }

    /** Neither the node nor the out tier has the key. */
    private void forget(TestNode node, String key) {
        run.narrative.tell(node, "it and the out tier evict " + key);
        node.evictLocally(run.nodes.key(key));
        run.nodes.out().evict(run.nodes.key(key));
    }

    /** The materialisers work, but for that of one node, whose tasks wait. */
    private void othersMaterialise(TestNode one) {
        run.narrative.tell(null, "materialisers work");
        for (int i = 0; i < CYCLES; i++) {
            run.awake().stream().filter(node -> node != one).forEach(node -> {
                run.cycle(node, "materialiser");
                drain(node);
            });
        }
    }

    /** What is materialised is published, and everybody has read it. */
    private void progressIsKnown() {
        for (int i = 0; i < CYCLES; i++) {
            time.pass(Time.UPKEEP);
            everyoneWorks();
        }
    }

    private void everyoneWorks() {
        for (int i = 0; i < 2; i++) {
            for (TestNode node : run.awake()) {
                run.cycleAll(node);
                drain(node);
            }
        }
    }

    private void cycle(TestNode node, String agent) {
        for (int i = 0; i < CYCLES; i++) {
            run.cycle(node, agent);
        }
    }

    private void drain(TestNode node) {
        if (node.isAlive()) {
            run.narrative.tell(node, "runs all its tasks");
            node.executor().runAll();
        }
    }

    /** Keys that nobody else uses. */
    private static Stream<String> names() {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> "forgotten-" + i);
    }
}
