package io.g2cache.testkit.races;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import io.g2cache.WriteToken;
import io.g2cache.testkit.Database;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One history of several nodes: one thread chooses each step by a seeded random generator. A loader takes steps of its own
 * before and after it reads the database, so that anything happens while a load is under way.
 */
final class Simulation {
    private static final int DEEPEST = 2;
    private static final int READ_ONE = 2;
    private static final Duration BEYOND_THE_FENCE_WINDOW = Duration.ofSeconds(61);

    private final TwoNodes nodes;
    private final Database database;
    private final Random random;
    private final List<String> keys;
    private final List<String> tags = new ArrayList<>();
    private final int mostNodes;
    private final TreeSet<String> owed = new TreeSet<>();
    private final Map<TestNode, List<String>> underWay = new HashMap<>();
    private final Set<TestNode> restarted = new HashSet<>();
    private final Map<String, Long> floors = new HashMap<>();
    private final List<Proof> proofs = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private @Nullable Splits splits;
    private int depth;

    /** A write that has been acknowledged, and what the database had before. */
    private record Proof(WriteToken token, String key, long atLeast) {}

    Simulation(TwoNodes nodes, long seed, int keyCount, int mostNodes) {
        this.nodes = nodes;
        this.database = nodes.database();
        this.random = new Random(seed);
        this.mostNodes = mostNodes;
        this.keys = new ArrayList<>();
        for (int i = 0; i < keyCount; i++) {
            keys.add("key-" + i);
        }
    }

    /** Lets tags be invalidated too; the cache's entries have those of {@link #tagsOf}. */
    Simulation withTags() {
        keys.forEach(
                key -> tagsOf(key).stream().filter(tag -> !tags.contains(tag)).forEach(tags::add));
        return this;
    }

    /** Lets faults strike at random from now on. */
    void injectFaults(TestNode node) {
        for (LogFault fault : LogFault.values()) {
            node.logFaults().rate(fault, random.nextInt(3) == 0 ? 0.15 * random.nextDouble() : 0);
        }
        for (OutFault fault : OutFault.values()) {
            node.outFaults().rate(fault, random.nextInt(3) == 0 ? 0.15 * random.nextDouble() : 0);
        }
        if (random.nextInt(3) == 0) {
            node.log().holdBackTail(random.nextInt(4));
            node.log().holdBackMaterialiser(random.nextInt(6));
        }
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step(random.nextInt(100));
        }
    }

    private void step(int dice) {
        TestNode node = anyNode();
        String key = keys.get(random.nextInt(keys.size()));
        if (splits != null && dice % 33 == 0) {
            nodes.time().advance(Duration.ofMillis(400));
        }
        if (dice < 32) {
            node.executor().runAny(random);
        } else if (dice < 34) {
            invalidateTag(node);
        } else if (dice < 52) {
            List<String> agents = node.agents().names();
            node.agents().cycle(agents.get(random.nextInt(agents.size())));
        } else if (dice < 66) {
            read(node, key, dice % 7);
        } else if (dice < 78) {
            database.update(key);
            invalidate(node, key);
        } else if (dice < 81) {
            database.update(key);
            owed.add(key);
        } else if (dice < 83) {
            database.update(key);
            nodes.invalidateAndDie(key);
        } else if (dice < 86) {
            put(keys.indexOf(key), key);
        } else if (dice < 87) {
            clear(node);
        } else if (dice < 97) {
            lose(node, key, dice);
        } else if (dice < 98) {
            killOrJoin(node);
        } else {
            owed.stream().findFirst().ifPresent(late -> invalidate(node, late));
        }
    }

    private TestNode anyNode() {
        List<TestNode> alive = nodes.nodes().stream().filter(TestNode::isAlive).toList();
        return alive.get(random.nextInt(alive.size()));
    }

    private void read(TestNode node, String key, int how) {
        if (depth > 0) {
            return;
        }
        long atLeast = floor(node, key);
        CacheLoader<String, Long> loader = this::load;
        if (how == 0) {
            check(node.cache().refreshAsync(key, loader), key, atLeast, "refresh");
        } else if (how == 1) {
            String other = keys.get(random.nextInt(keys.size()));
            long othersAtLeast = floor(node, other);
            BulkCacheLoader<String, Long> bulk = wanted -> {
                Map<String, Long> found = new HashMap<>();
                wanted.forEach(one -> found.put(one, load(one)));
                return found;
            };
            CompletableFuture<Map<String, Long>> all = node.cache().getAllAsync(List.of(key, other), bulk);
            check(all.thenApply(found -> found.get(key)), key, atLeast, "getAll");
            check(all.thenApply(found -> found.get(other)), other, othersAtLeast, "getAll");
        } else {
            check(node.cache().getAsync(key, loader), key, atLeast, "get");
        }
    }

    private long load(String key) {
        disturb();
        long value = database.read(key);
        disturb();
        return value;
    }

    private void disturb() {
        if (depth < DEEPEST) {
            depth++;
            run(random.nextInt(8));
            depth--;
        }
    }

    private long floor(TestNode node, String key) {
        for (Proof proof : proofs) {
            if (proof.key.equals(key) && nodes.hasApplied(node, proof.token)) {
                floors.merge(at(node, key), proof.atLeast, Math::max);
            }
        }
        return floors.getOrDefault(at(node, key), 0L);
    }

    private static String at(TestNode node, String key) {
        return node.node().id() + " " + key;
    }

    private void check(CompletableFuture<Long> read, String key, long atLeast, String what) {
        read.whenComplete((value, failure) -> {
            if (failure != null) {
                if (isOneThreadTwice(failure) || isOverdue(failure)) {
                    return;
                }
                wrong.add(what + " of " + key + " failed: " + failure);
            } else if (value == null || value < atLeast) {
                wrong.add(what + " of " + key + " gave " + value + " after a write with " + atLeast + " was proven");
            }
        });
    }

    /** As one thread plays all, a bulk read that goes on inside a loader looks as if that loader had asked. */
    private static boolean isOneThreadTwice(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("asked the cache for its own key");
    }

    /** The simulation moves the time on by more than a load may take. */
    private static boolean isOverdue(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("did not end within its loadTimeout");
    }

    private void invalidate(TestNode node, String key) {
        owed.remove(key);
        wrote(node, key, node.cache().invalidateAsync(key));
    }

    /** Only one node puts a key, in one step with the database, so that the log has the order of the database. */
    private void put(int index, String key) {
        TestNode owner = nodes.node(index % 2);
        if (owner.isAlive()) {
            long value = database.update(key);
            wrote(owner, key, owner.cache().putAsync(key, value));
        }
    }

    private void wrote(TestNode node, String key, CompletableFuture<WriteToken> write) {
        long atLeast = database.read(key);
        List<String> mine = underWay.computeIfAbsent(node, n -> new ArrayList<>());
        mine.add(key);
        write.whenComplete((token, failure) -> {
            mine.remove(key);
            if (failure != null) {
                owed.add(key);
            } else {
                floors.merge(at(node, key), atLeast, Math::max);
                proofs.add(new Proof(token, key, atLeast));
            }
        });
    }

    private void clear(TestNode node) {
        keys.forEach(database::update);
        CompletableFuture<WriteToken> cleared = node.cache().clearAsync();
        keys.forEach(key -> wrote(node, key, cleared));
    }

    /** Changes every key with a tag of one, at times by a writer that dies; where entries have no tags this does nothing. */
    private void invalidateTag(TestNode node) {
        String tag = tags.isEmpty() ? "" : tags.get(random.nextInt(tags.size()));
        List<String> tagged =
                keys.stream().filter(key -> tagsOf(key).contains(tag)).toList();
        tagged.forEach(database::update);
        if (tagged.isEmpty()) {
            return;
        }
        if (random.nextInt(4) == 0) {
            nodes.invalidateTagAndDie(tag);
        } else {
            CompletableFuture<WriteToken> invalidated = node.cache().invalidateTagAsync(tag);
            tagged.forEach(key -> wrote(node, key, invalidated));
        }
    }

    /** Each key has a tag that all have, and one of its own. */
    static List<String> tagsOf(String key) {
        return List.of("all", "only " + key);
    }

    private void lose(TestNode node, String key, int dice) {
        switch (dice) {
            case 87, 88, 89 -> nodes.out().evict(nodes.key(key));
            case 90, 91 -> nodes.out().evictLease(nodes.key(key));
            case 92, 93 -> node.evictLocally(nodes.key(key));
            case 94 -> nodes.time().advance(Duration.ofMillis(random.nextInt(5_000)));
            case 95 -> {
                node.log().releaseLate();
                node.out().releaseLate();
            }
            default -> {
                if (random.nextInt(10) == 0) {
                    nodes.store().loseEverything();
                }
            }
        }
    }

    /** Lets the out tier be split and joined at random from now on. */
    Simulation withSplits() {
        splits = new Splits(nodes, random);
        return this;
    }

    private void killOrJoin(TestNode node) {
        Splits any = splits;
        if (any != null && random.nextInt(3) > 0) {
            any.splitOrJoin();
            return;
        }
        long alive = nodes.nodes().stream().filter(TestNode::isAlive).count();
        if (depth > 0 || random.nextInt(3) > 0) {
            return;
        }
        if (alive > 1 && random.nextBoolean()) {
            kill(node);
        } else if (nodes.nodes().size() < mostNodes) {
            List<TestNode> dead = nodes.nodes().stream()
                    .filter(n -> !n.isAlive())
                    .filter(restarted::add)
                    .limit(1)
                    .toList();
            injectFaults(dead.isEmpty() ? nodes.join() : nodes.restart(dead.get(0)));
        }
    }

    /** Kills a node, lets the others go on for a while, and starts another on what it has left. */
    void killAndRestart(int steps) {
        TestNode node = anyNode();
        if (random.nextBoolean()) {
            // that its last checkpoint may account for
            invalidateTag(node);
            node.executor().runAll();
            node.agents().cycleAll();
        }
        kill(node);
        if (nodes.nodes().stream().anyMatch(TestNode::isAlive)) {
            if (random.nextBoolean()) {
                invalidateTag(anyNode());
            }
            run(steps);
        }
        if (random.nextBoolean()) {
            nodes.time().advance(BEYOND_THE_FENCE_WINDOW);
        }
        restarted.add(node);
        TestNode again = nodes.restart(node);
        injectFaults(again);
        keys.forEach(key -> read(again, key, READ_ONE));
    }

    private void kill(TestNode node) {
        node.kill();
        owed.addAll(underWay.getOrDefault(node, List.of()));
    }

    /** Pays what is owed, comes to rest, and checks everything. */
    void finish(boolean withLateNode) {
        Splits ending = splits;
        if (ending != null) {
            splits = null;
            ending.join();
            nodes.settle();
        }
        nodes.atRest();
        for (int round = 0; !owed.isEmpty(); round++) {
            if (round == 100) {
                throw new AssertionError("still owed=" + owed);
            }
            List.copyOf(owed).forEach(key -> invalidate(anyNode(), key));
            nodes.atRest();
        }
        nodes.assertNoStale();
        if (withLateNode) {
            if (random.nextBoolean()) {
                // so that it hears of nothing that has happened
                nodes.time().advance(BEYOND_THE_FENCE_WINDOW);
            }
            nodes.join();
        }
        depth = DEEPEST;
        for (TestNode node : nodes.nodes()) {
            if (node.isAlive()) {
                keys.forEach(key -> check(node.cache().getAsync(key), key, database.read(key), "last get"));
            }
        }
        nodes.atRest();
        nodes.assertNoStale();
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong));
        }
    }
}
