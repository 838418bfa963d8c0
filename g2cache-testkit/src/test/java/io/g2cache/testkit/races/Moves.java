package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link Meetings} are made of. Used by one thread, outside all loaders. */
final class Moves {
    private static final int CYCLES = 3;
    private static final int AS_MANY_AS_A_STRIPE_REMEMBERS = 64;
    private static final int STRIPE_SHIFT = 60;

    final Run run;
    final Reads reads;
    final Writes writes;
    final Time time;
    private final Map<Moment, Runnable> steps = new EnumMap<>(Moment.class);

    /** In the middle of a read. */
    enum Moment {
        /** A loader has read the source. */
        LOADED,
        /** A fill of a local tier begins. */
        FILLING
    }

    Moves(Run run, Reads reads, Writes writes, Time time) {
        this.run = run;
        this.reads = reads;
        this.writes = writes;
        this.time = time;
    }

    /** A moment has come: what is to happen at the first of its kind happens. */
    void at(Moment moment) {
        Runnable step = steps.remove(moment);
        if (step != null) {
            step.run();
        }
    }

    /** A node reads a key to the end; when that comes to such a moment, something happens in between. */
    void readAround(Moment moment, TestNode node, String key, Runnable step) {
        steps.put(moment, step);
        read(node, key);
        steps.remove(moment);
    }

    /** A node reads a key to the end. */
    void read(TestNode node, String key) {
        reads.get(node, key);
        drain(node);
    }

    /** A node has the key, if all goes well, and has heard of everything. */
    void hold(TestNode node, String key) {
        cycle(node, "tailer");
        cycle(node, "housekeeper");
        read(node, key);
    }

    /** Neither the node nor the out tier has the key. */
    void forget(TestNode node, String key) {
        run.narrative.tell(node, "it and the out tier evict " + key);
        node.evictLocally(run.nodes.key(key));
        run.nodes.out().evict(run.nodes.key(key));
    }

    /** Whether entries live for longer than any node remembers events. */
    boolean outlivesMemory() {
        return run.plan.cache().hard().compareTo(memory()) >= 0;
    }

    private Duration memory() {
        return run.plan.cache().fenceWindow().plusSeconds(1);
    }

    /** No node remembers the events of the key any more; all have done their work. */
    void everybodyForgets(String key) {
        everyoneWorks();
        run.narrative.tell(null, "everybody forgets the events of " + key);
        time.standStill(memory());
        everyoneWorks();
        long stripe = run.nodes.key(key).hash() >>> STRIPE_SHIFT;
        names().filter(name -> run.nodes.key(name).hash() >>> STRIPE_SHIFT == stripe)
                .limit(AS_MANY_AS_A_STRIPE_REMEMBERS)
                .forEach(run.nodes::invalidateAndDie);
        progressIsKnown();
    }

    /** Somebody reads what the out tier has when nobody remembers the events of the key any more. */
    void readLater(String key) {
        if (!outlivesMemory() || run.awake().isEmpty()) {
            return;
        }
        everybodyForgets(key);
        readPastLocalTier(run.anyNode(), key);
    }

    /** A node reads a key to the end that its local tier does not have. */
    void readPastLocalTier(TestNode node, String key) {
        node.evictLocally(run.nodes.key(key));
        read(node, key);
    }

    /** A put that is in the log, as is a newer event, while its tasks wait; null if its node is dead or asleep. */
    @Nullable
    TestNode latePut(String key) {
        TestNode owner = writes.owner(key);
        if (!run.awake().contains(owner)) {
            return null;
        }
        progressIsKnown();
        run.narrative.tell(owner, "a put of " + key + " will be late");
        writes.put(key);
        writes.invalidateAndDie(key);
        return owner;
    }

    /** The materialisers work, but for that of one node, whose tasks wait. */
    void othersMaterialise(TestNode one) {
        run.narrative.tell(null, "materialisers work");
        for (int i = 0; i < CYCLES; i++) {
            run.awake().stream().filter(node -> node != one).forEach(node -> {
                run.cycle(node, "materialiser");
                drain(node);
            });
        }
    }

    /** What is materialised is published, and everybody has read it. */
    void progressIsKnown() {
        for (int i = 0; i < CYCLES; i++) {
            time.pass(Time.UPKEEP);
            everyoneWorks();
        }
    }

    void everyoneWorks() {
        for (int i = 0; i < 2; i++) {
            for (TestNode node : run.awake()) {
                run.cycleAll(node);
                drain(node);
            }
        }
    }

    /** Agents of this name, or whose names begin so. */
    void cycle(TestNode node, String agent) {
        cycle(node, agent, CYCLES);
    }

    /** The same so many times: a replay that comes to the end twice leaves the rest to the tailer. */
    void cycle(TestNode node, String agent, int times) {
        for (int i = 0; i < times; i++) {
            node.agents().names().stream()
                    .filter(name -> name.startsWith(agent))
                    .forEach(name -> run.cycle(node, name));
        }
    }

    void drain(TestNode node) {
        if (node.isAlive()) {
            run.narrative.tell(node, "runs all its tasks");
            node.executor().runAll();
        }
    }

    /** Keys that nobody else uses. */
    static Stream<String> names() {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> "forgotten-" + i);
    }
}
