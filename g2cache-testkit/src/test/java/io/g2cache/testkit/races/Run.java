package io.g2cache.testkit.races;

import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the parts of one run share. Used by one thread. */
final class Run {
    private static final ExecutorService ELSEWHERE = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "elsewhere");
        thread.setDaemon(true);
        return thread;
    });

    final Plan plan;
    final Random random;
    final Counts counts = new Counts();
    final TwoNodes nodes;
    final Narrative narrative;
    final Truth truth;
    final Proofs proofs;
    final QueueDirectories queues;
    final Set<TestNode> asleep = new HashSet<>();
    final List<String> wrong = new ArrayList<>();
    private final Map<TestNode, Long> sleptNanos = new HashMap<>();
    private final Map<TestNode, Long> setBackNanos = new HashMap<>();
    private final Map<TestNode, Integer> writing = new HashMap<>();
    private long allSetNanos;
    private boolean inAgent;
    private boolean isQuiet;
    private int depth;

    Run(Plan plan, Path directory) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.queues = new QueueDirectories(directory);
        Random jitter = new Random(plan.seed() + 1);
        Settings settings = Settings.byHand(plan.seed())
                .withPartitions(plan.partitions())
                .withoutWaiting()
                .with(spec -> plan.cache().applyTo(spec.loader(this::fromSource)))
                .withNode(node -> {
                    node.statsRecorder(counts)
                            .randomSource(jitter::nextDouble)
                            .maxStaleness(plan.cache().maxStaleness())
                            .fenceWindow(plan.cache().fenceWindow());
                    return plan.cache().queue() ? node.writeQueue(queues.next()) : node;
                });
        this.nodes = new TwoNodes(plan.cache().outTier() ? settings : settings.withoutOutTier());
        this.narrative = new Narrative(nodes);
        this.truth = new Truth(nodes, plan);
        this.proofs = new Proofs(nodes, random);
        nodes.broker().watch(truth);
    }

    private @Nullable Long fromSource(String key) {
        long number = nodes.database().read(key);
        truth.born(key, number, nodes.time().wallMillis() + TimeUnit.NANOSECONDS.toMillis(allSetNanos));
        return visible(number);
    }

    /** What a loader gives for a number of the database; null where the source has no such key. */
    @Nullable
    Long visible(long number) {
        return plan.cache().absents() && isAbsent(number) ? null : number;
    }

    /** Numbers for which the source says that it has no such key, where the plan has that. */
    static boolean isAbsent(long number) {
        return number % 5 == 4;
    }

    /** Changes a key in the source. */
    long update(String key) {
        return nodes.database().update(key);
    }

    /** How deep loaders run inside one another. */
    int depth() {
        return depth;
    }

    void inside(Runnable steps) {
        depth++;
        narrative.deeper(1);
        try {
            steps.run();
        } finally {
            narrative.deeper(-1);
            depth--;
        }
    }

    /** Runs a cycle of an agent, which is not interrupted: its own thread cannot be in two cycles at once. */
    int cycle(TestNode node, String agent) {
        int[] done = {0};
        uninterrupted(() -> done[0] = node.agents().cycle(agent));
        if (agent.equals("tailer") && done[0] > 0) {
            tailed();
        }
        return done[0];
    }

    /** A cycle of each of a node's agents. */
    void cycleAll(TestNode node) {
        uninterrupted(node.agents()::cycleAll);
        tailed();
    }

    /** An event that is handed over twice detaches the load of its key twice. */
    private void tailed() {
        if (plan.troubles().faults()) {
            truth.touched();
        }
    }

    /** Runs something that may drive agents. */
    void uninterrupted(Runnable steps) {
        boolean before = inAgent;
        inAgent = true;
        try {
            steps.run();
        } finally {
            inAgent = before;
        }
    }

    /** Runs steps of which each loader gives what it should, with nothing in between but what the steps themselves want there. */
    void quietly(Runnable steps) {
        isQuiet = true;
        try {
            steps.run();
        } finally {
            isQuiet = false;
        }
    }

    boolean isQuiet() {
        return isQuiet;
    }

    boolean isInAgent() {
        return inAgent;
    }

    /** Nodes that live and do not sleep. */
    List<TestNode> awake() {
        return nodes.nodes().stream()
                .filter(node -> node.isAlive() && !asleep.contains(node))
                .toList();
    }

    TestNode anyNode() {
        List<TestNode> awake = awake();
        return awake.get(random.nextInt(awake.size()));
    }

    String anyKey() {
        List<String> keys = plan.keyNames();
        return keys.get(random.nextInt(keys.size()));
    }

    /** Calls from another thread, and waits for what it returns. */
    <T> T elsewhere(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, ELSEWHERE).join();
    }

    /** Sets a node's wall clock. */
    void setWall(TestNode node, Duration by) {
        node.clock().setWall(by);
        allSetNanos += Math.abs(by.toNanos());
        setBackNanos.merge(node, Math.max(0, -by.toNanos()), Long::sum);
    }

    /** By how much a node's wall clock was set back in all. */
    long setBackNanos(TestNode node) {
        return setBackNanos.getOrDefault(node, 0L);
    }

    /** By how much wall clocks were set, in either direction, on all nodes. */
    long allSetNanos() {
        return allSetNanos;
    }

    /** So many more writes of a node are under way. */
    void writing(TestNode node, int more) {
        writing.merge(node, more, Integer::sum);
        truth.touched();
    }

    int writesUnderWay(TestNode node) {
        return writing.getOrDefault(node, 0);
    }

    void slept(TestNode node, long nanos) {
        sleptNanos.merge(node, nanos, Long::sum);
    }

    /** For how long a node's machine has slept in all. */
    long sleptNanos(TestNode node) {
        return sleptNanos.getOrDefault(node, 0L);
    }

    void wrong(String what) {
        narrative.tell(null, "WRONG: " + what);
        wrong.add(what);
    }
}
