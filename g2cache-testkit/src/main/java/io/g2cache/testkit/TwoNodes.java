package io.g2cache.testkit;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2NodeBuilder;
import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.Tags;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two or more nodes that share a log, an out tier and a {@link Database}, with faults between each node and what it shares,
 * on time that a test moves. Either every node has its own threads, or one thread drives all of them step by step, so that
 * the same choices give the same history.
 *
 * <p>Used by one thread; with threads, caches and faults may be used by any.
 */
public final class TwoNodes implements AutoCloseable {
    static final String NAMESPACE = "races";
    static final String CACHE = "numbers";

    /** The ledger is that of no cache. */
    private static final String NO_CACHE = "";

    private static final int MOST_ROUNDS = 20_000;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int SETTLING_STEPS = 40;
    private static final int QUIET_ROUNDS = 3;
    private static final Duration SETTLING_STEP = Duration.ofMillis(500);

    /**
     * How the nodes are built.
     *
     * @param seed seed of the faults
     * @param partitions partitions of the log
     * @param hasThreads whether every node has its own threads
     * @param hasOutTier whether there is an out tier
     * @param recentCapacity how many recent events a node remembers one by one
     * @param awaitsReady whether whoever lets a node join waits until it is ready
     * @param spec changes of the cache's specification
     * @param node changes of what each node is built from
     */
    public record Settings(
            long seed,
            int partitions,
            boolean hasThreads,
            boolean hasOutTier,
            int recentCapacity,
            boolean awaitsReady,
            UnaryOperator<CacheSpecBuilder<String, Long>> spec,
            UnaryOperator<G2NodeBuilder> node) {
        /** Nodes that are driven by hand, with a log of two partitions and an out tier. */
        public static Settings byHand(long seed) {
            return new Settings(seed, 2, false, true, 1024, true, spec -> spec, node -> node);
        }

        /** Nodes with threads of their own, with a log of two partitions and an out tier. */
        public static Settings withThreads(long seed) {
            return new Settings(seed, 2, true, true, 1024, true, spec -> spec, node -> node);
        }

        /** The same with another specification of the cache. */
        public Settings with(UnaryOperator<CacheSpecBuilder<String, Long>> change) {
            return new Settings(seed, partitions, hasThreads, hasOutTier, recentCapacity, awaitsReady, change, node);
        }

        /** The same with nodes that are built otherwise. */
        public Settings withNode(UnaryOperator<G2NodeBuilder> change) {
            return new Settings(seed, partitions, hasThreads, hasOutTier, recentCapacity, awaitsReady, spec, change);
        }

        /** The same with another number of partitions. */
        public Settings withPartitions(int count) {
            return new Settings(seed, count, hasThreads, hasOutTier, recentCapacity, awaitsReady, spec, node);
        }

        /** The same with nodes that are not waited for when they join. */
        public Settings withoutWaiting() {
            return new Settings(seed, partitions, hasThreads, hasOutTier, recentCapacity, false, spec, node);
        }

        /** The same without an out tier. */
        public Settings withoutOutTier() {
            return new Settings(seed, partitions, hasThreads, false, recentCapacity, awaitsReady, spec, node);
        }
    }

    private final Settings settings;
    private final FakeTime time = new FakeTime(1_800_000_000_000L);
    private final Database database = new Database();
    private final MemoryLog.Broker broker;
    private final MemoryOut.Store store = new MemoryOut.Store();
    private final KeySpace keys;
    private final ValueFormat<Long> format = new ValueFormat<>(Codecs.int64());
    private final SyncLog log;
    private final MemoryOutCache out;
    private final OutLedger ledger;
    private final List<TestNode> nodes = new CopyOnWriteArrayList<>();

    /** Starts two nodes. */
    public TwoNodes(Settings settings) {
        this.settings = settings;
        broker = new MemoryLog.Broker(settings.partitions());
        keys = new KeySpace(CACHE, settings.partitions());
        log = new MemoryLog(broker)
                .open(new LogContext(NAMESPACE, "operator", Duration.ofDays(7), Duration.ofMinutes(1), 1 << 20, time));
        out = new MemoryOut(store).open(outContext(CACHE));
        ledger = new MemoryOut(store).ledger(outContext(NO_CACHE), (since, reason) -> {});
        join();
        join();
    }

    private OutContext outContext(String cache) {
        return new OutContext(NAMESPACE, cache, log.generation(), Duration.ofDays(8), Runnable::run, time);
    }

    static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("this node has no such part");
        }
        return part;
    }

    /** Starts one more node. */
    public TestNode join() {
        return join(new MemoryLocal.Disk(), node -> {});
    }

    /** The same, with something done to the way to its tiers and log before it starts. */
    public TestNode join(Consumer<TestNode> before) {
        return join(new MemoryLocal.Disk(), before);
    }

    /** Starts a node in the place of one that was killed, with what that one has left on its disk. */
    public TestNode restart(TestNode killed) {
        return restart(killed, node -> {});
    }

    /** The same, with something done to the way to its tiers and log before it starts. */
    public TestNode restart(TestNode killed, Consumer<TestNode> before) {
        if (killed.isAlive()) {
            throw new IllegalStateException("the node is alive: " + killed.node());
        }
        return join(killed.disk(), before);
    }

    private TestNode join(MemoryLocal.Disk disk, Consumer<TestNode> before) {
        TestNode node = new TestNode(
                new MemoryLog(broker),
                new MemoryOut(store),
                disk,
                time,
                settings.seed() + 31L * nodes.size(),
                settings.hasThreads());
        before.accept(node);
        CacheSpec<String, Long> spec = settings.spec()
                .apply(CacheSpec.builder(CACHE, Codecs.string(), Codecs.int64()).loader(database::read))
                .build();
        node.start(settings);
        boolean isDriven = !settings.hasThreads() && settings.awaitsReady();
        if (isDriven) {
            node.awaitReady();
        }
        node.open(spec);
        if (isDriven) {
            node.awaitReady();
            node.executor().runAll();
        }
        nodes.add(node);
        return node;
    }

    /** A node, in the order of joining. */
    public TestNode node(int index) {
        return nodes.get(index);
    }

    /** All nodes, those killed included. */
    public List<TestNode> nodes() {
        return List.copyOf(nodes);
    }

    /** The source. */
    public Database database() {
        return database;
    }

    /** The time of all nodes. */
    public FakeTime time() {
        return time;
    }

    /** What holds the log. */
    public MemoryLog.Broker broker() {
        return broker;
    }

    /** The shared data of the out tier. */
    public MemoryOut.Store store() {
        return store;
    }

    /** The log itself, without faults. */
    public SyncLog log() {
        return log;
    }

    /** The out tier itself, without faults; its calls take effect at once. */
    public MemoryOutCache out() {
        return out;
    }

    /** Name of the nodes' cache. */
    public String cacheName() {
        return CACHE;
    }

    /** A key as the tiers know it. */
    public EncodedKey key(String key) {
        return keys.key(key.getBytes(StandardCharsets.UTF_8));
    }

    /** An invalidation by a writer that died as soon as the log had it. Returns a token for it. */
    public WriteToken invalidateAndDie(String key) {
        EncodedKey encoded = key(key);
        long offset = Race.await(log.append(encoded.partition(), new Event.Invalidate(CACHE, encoded.bytes(), "dead")));
        return WriteToken.of(log.generation(), Map.of(encoded.partition(), offset));
    }

    /** An invalidation of a tag by a writer that died as soon as the log had it. Returns a token for it. */
    public WriteToken invalidateTagAndDie(String tag) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < settings.partitions(); p++) {
            offsets.put(p, Race.await(log.append(p, new Event.Tag(CACHE, tag, "dead"))));
        }
        return WriteToken.of(log.generation(), offsets);
    }

    /** Whether a node has applied a write. */
    public boolean hasApplied(TestNode node, WriteToken token) {
        try {
            node.node().awaitToken(token, Duration.ZERO);
            return true;
        } catch (SyncLogException e) {
            return false;
        }
    }

    /** Ends all faults and waits until everybody has done everything there is to do. */
    public void atRest() {
        nodes.forEach(TestNode::heal);
        if (settings.hasThreads()) {
            awaitRest();
        } else {
            runAll(QUIET_ROUNDS);
        }
    }

    /**
     * Comes to rest over and over while a good while passes, in which progress is published and read, and doubts about the out
     * tier become redos. Only without threads.
     */
    public void settle() {
        nodes.forEach(TestNode::heal);
        for (int i = 0; i < SETTLING_STEPS; i++) {
            runAll(1);
            time.advance(SETTLING_STEP);
        }
        atRest();
    }

    /** Drives everybody until so many rounds in a row have found nothing to do. */
    private void runAll(int quietRounds) {
        int quiet = 0;
        List<String> busy = new ArrayList<>();
        for (int round = 0; quiet < quietRounds; round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("not at rest after rounds=" + round + ": " + unrest() + "; busy: " + busy);
            }
            busy.clear();
            for (TestNode node : nodes) {
                if (node.isAlive()) {
                    note(busy, node, "executor", node.executor().runAll());
                    for (String agent : node.agents().names()) {
                        note(busy, node, agent, node.agents().cycle(agent));
                    }
                }
            }
            quiet = busy.isEmpty() && unrest().isEmpty() ? quiet + 1 : 0;
        }
    }

    private static void note(List<String> busy, TestNode node, String what, int done) {
        if (done > 0) {
            busy.add(what + " of " + node.node() + " did " + done);
        }
    }

    private void awaitRest() {
        long end = System.nanoTime() + DEADLINE.toNanos();
        String unrest = unrest();
        while (!unrest.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not at rest within " + DEADLINE + ": " + unrest);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
            unrest = unrest();
        }
    }

    private String unrest() {
        LogPosition end = Race.await(log.endOffsets());
        Map<Integer, Long> last = new HashMap<>();
        for (int p = 0; p < end.partitions(); p++) {
            if (end.offset(p) > 0) {
                last.put(p, end.offset(p) - 1);
            }
        }
        WriteToken token = WriteToken.of(log.generation(), last);
        List<String> behind = new ArrayList<>();
        for (TestNode node : nodes) {
            if (node.isAlive() && !hasApplied(node, token)) {
                behind.add(node.node() + " is behind " + end);
            }
        }
        LogPosition committed = Race.await(log.committed());
        if (settings.hasOutTier() && !committed.equals(end)) {
            behind.add("committed=" + committed + " end=" + end);
        }
        return String.join("; ", behind);
    }

    /**
     * Fails if a tier of any node holds anything but what the database has. To be called at rest. Where a node was killed, the out
     * tier may hold an old value that its writer has stored early: nobody uses it, and nobody else removes it.
     */
    public void assertNoStale() {
        List<String> stale = new ArrayList<>();
        for (String name : database.keys()) {
            long newest = database.read(name);
            EncodedKey key = key(name);
            for (int i = 0; i < nodes.size(); i++) {
                Object held = nodes.get(i).isAlive() ? nodes.get(i).held(key) : null;
                if (held != null && !held.equals(newest)) {
                    stale.add("node " + i + " holds " + name + "=" + held + ", the database has " + newest);
                }
            }
            Long shared = shared(key);
            if (shared != null && shared != newest && !isLeftEarly(key)) {
                stale.add("the out tier holds " + name + "=" + shared + ", the database has " + newest);
            }
        }
        nodes.forEach(node -> stale.addAll(node.local().wrong()));
        if (!stale.isEmpty()) {
            throw new AssertionError("seed=" + settings.seed() + ": " + String.join("\n", stale));
        }
    }

    private boolean isLeftEarly(EncodedKey key) {
        return Race.await(out.read(key)).source() == OutSlot.Source.EARLY
                && nodes.stream().anyMatch(node -> !node.isAlive());
    }

    /** What a node's local tier holds for a key, whatever may be served of it. */
    public @Nullable Long local(TestNode node, String key) {
        return (Long) node.held(key(key));
    }

    /** The living value that the out tier holds for a key, if it is in time and not below a floor. */
    public @Nullable Long shared(String key) {
        return shared(key(key));
    }

    private @Nullable Long shared(EncodedKey key) {
        Entry entry = Race.await(out.read(key)).entry();
        if (entry == null || entry.value() == null || entry.version() < floor(key, entry)) {
            return null;
        }
        return time.wallMillis() >= entry.hardDeadline() ? null : format.decode(ByteBuffer.wrap(entry.requireValue()));
    }

    /** The highest floor in the out tier that concerns an entry. */
    private long floor(EncodedKey key, Entry entry) {
        Map<Integer, Long> floors = Race.await(out.floors());
        long ofAllCaches = Race.await(ledger.floors()).getOrDefault(key.partition(), -1L);
        long floor = Math.max(ofAllCaches, floors.getOrDefault(key.partition(), -1L));
        long[] tags = ValueFormat.tags(entry);
        for (int i = 0; tags != null && i < tags.length; i++) {
            floor = Math.max(floor, floors.getOrDefault(Tags.floorNumber(key.partition(), tags[i]), -1L));
        }
        return floor;
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::close);
    }
}
