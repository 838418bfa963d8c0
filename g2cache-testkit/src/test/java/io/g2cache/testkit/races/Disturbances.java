package io.g2cache.testkit.races;

import io.g2cache.G2CacheException;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What befalls the nodes of a run, as far as its plan allows it. Used by one thread. */
final class Disturbances {
    private final Run run;
    private final Writes writes;
    private final Time time;
    private final Set<TestNode> replaced = new HashSet<>();
    private final Set<TestNode> withoutLog = new HashSet<>();
    private final Map<TestNode, Long> withoutOut = new HashMap<>();
    private final Consumer<TestNode> prepare;
    private @Nullable Splits splits;
    private boolean isDoubted;

    Disturbances(Run run, Writes writes, Time time, Consumer<TestNode> prepare) {
        this.run = run;
        this.prepare = prepare;
        this.writes = writes;
        this.time = time;
        this.splits = run.plan.troubles().splits() ? new Splits(run.nodes, run.random) : null;
        run.nodes.nodes().forEach(this::injectFaults);
        while (run.nodes.nodes().size() < run.plan.nodes()) {
            var unused = join(null);
        }
    }

    /** Lets faults strike at random from now on. */
    private void injectFaults(TestNode node) {
        prepare.accept(node);
        node.remembersFor(run.plan.cache().fenceWindow());
        if (run.plan.cache().leavesDead()) {
            node.leavesDead();
        }
        if (!run.plan.troubles().faults()) {
            return;
        }
        for (LogFault fault : LogFault.values()) {
            boolean isOn =
                    run.random.nextInt(3) == 0 && (fault != LogFault.APPEND_UNKNOWN_LATE || run.plan.mayWriteLate());
            node.logFaults().rate(fault, isOn ? 0.15 * run.random.nextDouble() : 0);
        }
        for (OutFault fault : OutFault.values()) {
            node.outFaults().rate(fault, run.random.nextInt(3) == 0 ? 0.15 * run.random.nextDouble() : 0);
        }
        if (run.random.nextInt(3) == 0) {
            node.log().holdBackTail(run.random.nextInt(4));
            node.log().holdBackMaterialiser(run.random.nextInt(6));
        }
    }

    void any(TestNode node, String key) {
        int how = run.random.nextInt(24);
        if (how < 4) {
            run.narrative.tell(null, "the out tier evicts " + key);
            run.nodes.out().evict(run.nodes.key(key));
        } else if (how < 6) {
            run.narrative.tell(null, "the out tier loses the lease of " + key);
            run.nodes.out().evictLease(run.nodes.key(key));
        } else if (how < 9) {
            run.narrative.tell(node, "evicts " + key);
            node.evictLocally(run.nodes.key(key));
        } else if (how < 11) {
            time.pass(time.any());
        } else if (how < 13) {
            run.narrative.tell(node, "late calls take effect");
            node.log().releaseLate();
            node.out().releaseLate();
        } else if (how < 14) {
            loseOutTier();
        } else if (how < 18) {
            killOrJoin(node);
        } else if (how < 20 && run.plan.troubles().clocks()) {
            time.disturb(node);
        } else if (how < 22 && run.plan.troubles().cuts()) {
            cutOrHeal(node);
        } else if (splits != null && run.depth() == 0) {
            time.wakeAll();
            run.narrative.tell(null, "the out tier is split or joined");
            run.uninterrupted(splits::splitOrJoin);
        }
    }

    /** A load is overtaken: the out tier is told of a newer event, forgets even that, and the loading node has not heard. */
    void overtake(String key) {
        writes.invalidateAndDie(key);
        run.awake().forEach(node -> run.cycle(node, "materialiser"));
        run.narrative.tell(null, "materialisers work; the out tier evicts " + key);
        run.nodes.out().evict(run.nodes.key(key));
    }

    private void loseOutTier() {
        if (run.random.nextInt(10) == 0) {
            run.narrative.tell(null, "the out tier loses everything");
            run.nodes.store().loseEverything();
            isDoubted = true;
        }
    }

    private void cutOrHeal(TestNode node) {
        if (run.random.nextBoolean()) {
            boolean isCut = withoutLog.add(node) || !withoutLog.remove(node);
            node.log().cut(isCut);
            run.narrative.tell(node, isCut ? "loses the log" : "has the log again");
        } else if (withoutOut.containsKey(node)) {
            healOut(node);
        } else {
            withoutOut.put(node, node.clock().wallMillis());
            node.outFaults().rate(OutFault.FAILED, 1);
            run.narrative.tell(node, "loses the out tier");
        }
    }

    private void healOut(TestNode node) {
        Long since = withoutOut.remove(node);
        if (since != null && node.isAlive()) {
            node.outFaults().rate(OutFault.FAILED, 0);
            node.out().provider().doubt(since, "reconnect");
            isDoubted = true;
            run.narrative.tell(node, "has the out tier again");
        }
    }

    private void killOrJoin(TestNode node) {
        if (run.depth() > 0 || !run.plan.troubles().kills()) {
            return;
        }
        if (run.random.nextBoolean()) {
            if (run.awake().size() > 1) {
                kill(node);
            }
        } else {
            startAnother();
        }
    }

    /** Whether the out tier may come to have two halves. */
    boolean isSplitting() {
        return splits != null;
    }

    /** The out tier gets back entries that it had, and every node doubts it since then. */
    void resurrect(MemoryOut.Store before, long since) {
        run.nodes.store().resurrectEntries(before);
        run.nodes.nodes().stream()
                .filter(TestNode::isAlive)
                .forEach(node -> node.out().provider().doubt(since, "older entries"));
        isDoubted = true;
    }

    /** Kills a node, and starts another on what it has left; null if that does not start. */
    @Nullable
    TestNode restart(TestNode node) {
        kill(node);
        return join(node);
    }

    void kill(TestNode node) {
        run.narrative.tell(node, "is killed");
        node.kill();
        writes.killed(node);
    }

    private void startAnother() {
        if (run.nodes.nodes().size() < run.plan.mostNodes()) {
            List<TestNode> dead = run.nodes.nodes().stream()
                    .filter(node -> !node.isAlive() && !replaced.contains(node))
                    .limit(1)
                    .toList();
            var unused = join(dead.isEmpty() ? null : dead.get(0));
        }
    }

    /** One node more, in the place of another with what that has left, or with nothing. */
    private @Nullable TestNode join(@Nullable TestNode killed) {
        Consumer<TestNode> before = this::injectFaults;
        try {
            TestNode node;
            if (killed == null) {
                node = run.nodes.join(before);
                run.narrative.tell(node, "starts with nothing");
            } else {
                replaced.add(killed);
                run.queues.inherit(run.nodes.nodes().indexOf(killed));
                node = run.nodes.restart(killed, before);
                run.proofs.inherit(node, killed);
                run.narrative.tell(node, "starts with what " + run.nodes.nodes().indexOf(killed) + " has left");
            }
            return node;
        } catch (G2CacheException e) {
            run.narrative.tell(null, "a node does not start: " + e.getMessage());
            return null;
        }
    }

    /** Kills a node at the end of which is likely to be a checkpoint, and starts another soon on what it has left. */
    void killAndRestart(Runnable meanwhile) {
        TestNode node = run.anyNode();
        if (run.random.nextBoolean()) {
            if (run.plan.cache().tags()) {
                writes.invalidateTag(node);
            } else {
                writes.clear(node);
            }
            node.executor().runAll();
            run.cycleAll(node);
        }
        kill(node);
        if (!run.awake().isEmpty()) {
            meanwhile.run();
        }
        if (run.random.nextBoolean()) {
            time.pass(Duration.ofSeconds(61));
        }
        var unused = join(node);
    }

    /** Ends everything that goes on; returns whether the out tier was in doubt, so that it takes a while to come to rest. */
    boolean heal() {
        time.wakeAll();
        Splits ending = splits;
        if (ending != null) {
            splits = null;
            ending.join();
            isDoubted = true;
        }
        withoutLog.forEach(node -> node.log().cut(!node.isAlive()));
        run.nodes.nodes().forEach(this::healOut);
        return isDoubted;
    }
}
