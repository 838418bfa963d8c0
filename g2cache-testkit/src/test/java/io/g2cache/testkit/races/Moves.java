package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import java.time.Duration;
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
    private @Nullable Runnable whileLoading;
    private @Nullable Runnable whileFilling;

    Moves(Run run, Reads reads, Writes writes, Time time) {
        this.run = run;
        this.reads = reads;
        this.writes = writes;
        this.time = time;
    }

    /** A loader has read the source. */
    void loaded() {
        Runnable step = whileLoading;
        whileLoading = null;
        if (step != null) {
            step.run();
        }
    }

    /** A fill of a local tier begins. */
    void filling() {
        Runnable step = whileFilling;
        whileFilling = null;
        if (step != null) {
            step.run();
        }
    }

    /** A node reads a key to the end; if it loads it, something happens in between. */
    void whileLoading(TestNode node, String key, Runnable step) {
        whileLoading = step;
        reads.get(node, key);
        drain(node);
        whileLoading = null;
    }

    /** A node reads a key to the end; before its local tier is filled, something happens. */
    void whileFilling(TestNode node, String key, Runnable step) {
        whileFilling = step;
        reads.get(node, key);
        drain(node);
        whileFilling = null;
    }

    /** A node has the key, if all goes well, and has heard of everything. */
    void hold(TestNode node, String key) {
        cycle(node, "tailer");
        cycle(node, "housekeeper");
        reads.get(node, key);
        drain(node);
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
        run.nodes.time().advance(memory());
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
        TestNode reader = run.anyNode();
        reader.evictLocally(run.nodes.key(key));
        reads.get(reader, key);
        drain(reader);
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
