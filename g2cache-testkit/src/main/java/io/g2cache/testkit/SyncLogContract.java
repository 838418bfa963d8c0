package io.g2cache.testkit;

import static io.g2cache.testkit.SeenEvents.pollUntil;
import static io.g2cache.testkit.SeenEvents.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.g2cache.SyncLogException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.SeenEvents.Appended;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SyncLog} does. An implementation passes it by a subclass that names its provider. Every test uses a
 * namespace of its own; whatever is waited for is polled for at most 20 seconds.
 */
public abstract class SyncLogContract {
    /** Largest encoded event of the logs under test. */
    protected static final int MAXIMUM_EVENT_BYTES = 1 << 20;

    private static final String CACHE = "cities";
    private static final Duration IMMEDIATELY = Duration.ofMillis(50);

    private final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private SyncLogProvider provider;
    private SyncLog log;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected SyncLogContract() {}

    /** A provider; called once for each test. All providers of a test class reach the same broker. */
    protected abstract SyncLogProvider provider();

    @BeforeEach
    void open() {
        provider = provider();
        log = openNode("node-a");
    }

    private SyncLog openNode(String nodeId) {
        SyncLog node = provider.open(new LogContext(
                namespace,
                nodeId,
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                MAXIMUM_EVENT_BYTES,
                TimeSource.SYSTEM));
        opened.add(node);
        return node;
    }

    private LogReader tail(LogPosition from) {
        LogReader reader = log.tail(from);
        opened.add(reader);
        return reader;
    }

    private LogReader materialiser(SyncLog node) {
        LogReader reader = node.materialiser();
        opened.add(reader);
        return reader;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private static Event.Invalidate invalidate(int number) {
        return new Event.Invalidate(CACHE, ("key-" + number).getBytes(StandardCharsets.UTF_8), "node-a");
    }

    private Appended append(int partition, Event event) {
        return new Appended(partition, Race.await(log.append(partition, event)), event);
    }

    /** Events with increasing numbers, spread over the partitions. */
    private List<Appended> appendMany(int from, int count) {
        List<Appended> all = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            all.add(append(i % log.partitions(), invalidate(i)));
        }
        return all;
    }

    private LogPosition end() {
        return Race.await(log.endOffsets());
    }

    private static void assertSeen(SeenEvents seen, List<Appended> all) {
        assertThat(all)
                .allSatisfy(appended -> assertThat(seen.events(appended.partition()))
                        .containsEntry(appended.offset(), Text.of(appended.event())));
    }

    @Test
    void allNodesAgreeOnGenerationAndPartitions() {
        SyncLog other = openNode("node-b");
        assertThat(log.generation()).matches("[A-Za-z0-9_-]{1,128}").isEqualTo(other.generation());
        assertThat(log.partitions()).isPositive().isEqualTo(other.partitions());
        assertThat(end().partitions()).isEqualTo(log.partitions());
        assertThat(provider.name()).isNotBlank();
    }

    @Test
    void offsetsOfAPartitionIncreaseAndTheEndFollows() {
        LogPosition before = end();
        for (int p = 0; p < log.partitions(); p++) {
            long last = before.offset(p) - 1;
            for (int i = 0; i < 5; i++) {
                long offset = append(p, invalidate(i)).offset();
                assertThat(offset).isGreaterThan(last);
                last = offset;
                assertThat(end().offset(p)).isEqualTo(last + 1);
            }
        }
    }

    @Test
    void everyKindOfEventComesBackExactly() {
        byte[] key = {0, -1, 5, 127};
        byte[] value = {9, 0, -9};
        List<Event> events = List.of(
                new Event.Put(CACHE, key, "node-a", Entry.value(0, 5, Long.MAX_VALUE, value)),
                new Event.Put(CACHE, new byte[] {1}, "node-ü", Entry.value(0, -5, 0, new byte[0])),
                new Event.Put(CACHE, key, "node-a", Entry.absent(0, 7, 8)),
                new Event.Invalidate(CACHE, key, "node-a"),
                new Event.Clear(CACHE, "node-a"),
                new Event.Tag(CACHE, "user:42", "node-a"),
                new Event.Redo(3, 1L << 60, "node-a"),
                new Event.Loaded(CACHE, key, "node-b", Entry.value(-1, 1, 2, value)),
                new Event.Loaded(CACHE, key, "node-b", Entry.absent(1L << 60, 1, 2)),
                new Event.Probe("node-c"),
                new Event.Invalidate("other.cache_-", key, "node-a"));
        LogReader reader = tail(end());
        List<Appended> all = new ArrayList<>();
        events.forEach(event -> all.add(append(0, event)));
        SeenEvents seen = new SeenEvents();
        pollUntil(reader, seen, () -> seen.hasPassed(all));
        assertThat(seen.inOrder())
                .containsExactlyElementsOf(events.stream().map(Text::of).toList());
        assertSeen(seen, all);
    }

    @Test
    void bigEventsComeBackExactlyAndTooBigOnesDefinitelyFail() {
        Random random = new Random(1);
        byte[] value = new byte[MAXIMUM_EVENT_BYTES - (16 << 10)];
        random.nextBytes(value);
        byte[] key = new byte[8 << 10];
        random.nextBytes(key);
        LogReader reader = tail(end());
        Appended big = append(0, new Event.Put(CACHE, key, "node-a", Entry.value(0, 1, 2, value)));
        assertFails(0, new Event.Put(CACHE, key, "node-a", Entry.value(0, 1, 2, new byte[MAXIMUM_EVENT_BYTES + 1])));
        Appended after = append(0, invalidate(1));
        SeenEvents seen = new SeenEvents();
        pollUntil(reader, seen, () -> seen.hasPassed(after));
        assertThat(seen.inOrder()).containsExactly(Text.of(big.event()), Text.of(after.event()));
    }

    private void assertFails(int partition, Event event) {
        assertThatThrownBy(() -> log.append(partition, event).get(Race.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        SyncLogException.class,
                        e -> assertThat(e.outcome()).isEqualTo(SyncLogException.Outcome.FAILED));
    }

    @Test
    void aTailSeesEverythingFromItsPositionOnInOrder() {
        LogPosition start = end();
        List<Appended> first = appendMany(0, 60);
        LogPosition middle = end();
        List<Appended> second = appendMany(60, 60);
        SeenEvents fromStart = new SeenEvents();
        pollUntil(tail(start), fromStart, () -> fromStart.hasPassed(second));
        assertSeen(fromStart, first);
        assertSeen(fromStart, second);
        SeenEvents fromMiddle = new SeenEvents();
        pollUntil(tail(middle), fromMiddle, () -> fromMiddle.hasPassed(second));
        assertThat(fromMiddle.inOrder()).hasSize(second.size());
        LogPosition end = end();
        for (int p = 0; p < log.partitions(); p++) {
            assertThat(fromStart.position(p)).as("position of %d", p).isEqualTo(end.offset(p));
        }
    }

    @Test
    void aTailOfOnePartitionSeesNoOther() {
        List<Appended> all = appendMany(0, 10 * log.partitions());
        int partition = log.partitions() - 1;
        List<Appended> wanted =
                all.stream().filter(one -> one.partition() == partition).skip(4).toList();
        LogReader reader = log.tail(partition, wanted.get(0).offset());
        opened.add(reader);
        assertThat(reader.positions()).isEqualTo(Map.of(partition, wanted.get(0).offset()));
        SeenEvents seen = new SeenEvents();
        pollUntil(reader, seen, () -> seen.hasPassed(wanted));
        assertThat(seen.inOrder()).hasSize(wanted.size());
        assertThat(reader.positions()).isEqualTo(Map.of(partition, end().offset(partition)));
    }

    @Test
    void aTailAtTheEndReportsItsPositionAndWaits() {
        appendMany(0, 20);
        LogPosition end = end();
        LogReader reader = tail(end);
        SeenEvents seen = new SeenEvents();
        assertThat(reader.poll(IMMEDIATELY, seen)).isZero();
        assertThat(reader.poll(Duration.ZERO, seen)).isZero();
        List<Appended> later = appendMany(20, 20);
        pollUntil(reader, seen, () -> seen.hasPassed(later));
        assertThat(seen.inOrder()).hasSize(later.size());
    }

    @Test
    void appendsOfManyThreadsAllArriveAndEachThreadKeepsItsOrder() {
        LogReader reader = tail(end());
        int writers = 4;
        int each = 100;
        List<List<Appended>> written = new ArrayList<>();
        List<Race.Task> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int first = w * each;
            List<Appended> mine = new ArrayList<>();
            written.add(mine);
            tasks.add(() -> {
                List<CompletableFuture<Long>> sent = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    sent.add(log.append(0, invalidate(first + i)));
                }
                for (int i = 0; i < each; i++) {
                    mine.add(new Appended(0, Race.await(sent.get(i)), invalidate(first + i)));
                }
            });
        }
        try (Race race = new Race("log-writers")) {
            race.run(Race.DEADLINE.multipliedBy(2), tasks);
        }
        List<Appended> all = written.stream().flatMap(List::stream).toList();
        assertThat(all.stream().map(Appended::offset)).doesNotHaveDuplicates();
        assertThat(written)
                .allSatisfy(
                        mine -> assertThat(mine.stream().map(Appended::offset)).isSorted());
        SeenEvents seen = new SeenEvents();
        pollUntil(reader, seen, () -> seen.hasPassed(all));
        assertSeen(seen, all);
    }

    @Test
    void anEventWhoseHandlerThrowsComesAgain() {
        LogReader reader = tail(end());
        List<Appended> all = appendMany(0, 3 * log.partitions());
        all.addAll(appendMany(3 * log.partitions(), 3 * log.partitions()));
        SeenEvents seen = new SeenEvents();
        Set<String> refused = new HashSet<>();
        LogHandler refusing = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                if (refused.size() < 5 && refused.add(Text.of(event))) {
                    throw new Refusal(partition, offset);
                }
                seen.onEvent(partition, offset, event);
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new AssertionError("gap in partition=" + partition + ": " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {
                seen.onPosition(partition, next);
            }
        };
        int[] refusals = {0};
        until(() -> seen.hasPassed(all), () -> {
            Throwable thrown = catchThrowable(() -> reader.poll(IMMEDIATELY, refusing));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(Refusal.class);
                refusals[0]++;
            }
        });
        assertThat(refusals[0]).isEqualTo(5);
        assertThat(seen.inOrder()).hasSize(all.size());
        assertSeen(seen, all);
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(int partition, long offset) {
            super("partition=" + partition + " offset=" + offset);
        }
    }

    @Test
    void aMaterialiserStartsAtTheLogsStartAndThenAtTheCommit() {
        List<Appended> first = appendMany(0, 40);
        LogPosition none = Race.await(log.committed());
        first.forEach(appended -> assertThat(none.offset(appended.partition())).isLessThanOrEqualTo(appended.offset()));
        SeenEvents seen = new SeenEvents();
        LogReader uncommitted = materialiser(log);
        pollUntil(uncommitted, seen, () -> seen.hasPassed(first));
        uncommitted.close();
        SeenEvents again = new SeenEvents();
        LogReader committing = materialiser(log);
        pollUntil(committing, again, () -> again.hasPassed(first));
        committing.commit();
        assertThat(Race.await(log.committed())).isEqualTo(end());
        List<Appended> second = appendMany(40, 40);
        committing.close();
        SeenEvents resumed = new SeenEvents();
        LogReader later = materialiser(openNode("node-b"));
        pollUntil(later, resumed, () -> resumed.hasPassed(second));
        assertThat(resumed.inOrder()).hasSize(second.size());
        later.commit();
        later.commit();
        assertThat(Race.await(log.committed())).isEqualTo(end());
    }

    @Test
    void aCommitStopsBeforeTheEventThatWasRefused() {
        append(0, invalidate(0));
        Appended refused = append(0, invalidate(1));
        LogReader reader = materialiser(log);
        LogHandler refusing = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                if (partition == refused.partition() && offset == refused.offset()) {
                    throw new Refusal(partition, offset);
                }
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new AssertionError("gap in partition=" + partition + ": " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {}
        };
        boolean[] thrown = {false};
        until(() -> thrown[0], () -> thrown[0] = catchThrowable(() -> reader.poll(IMMEDIATELY, refusing)) != null);
        reader.commit();
        assertThat(Race.await(log.committed()).offset(0)).isEqualTo(refused.offset());
        SeenEvents seen = new SeenEvents();
        pollUntil(reader, seen, () -> seen.hasPassed(refused));
        assertThat(seen.events(0)).hasSize(1);
        reader.commit();
        assertThat(Race.await(log.committed()).offset(0)).isEqualTo(refused.offset() + 1);
    }

    @Test
    void materialisersShareThePartitionsAndLoseNoEvent() {
        LogReader a = materialiser(log);
        LogReader b = materialiser(openNode("node-b"));
        Set<String> byA = new HashSet<>();
        Set<String> byB = new HashSet<>();
        List<Appended> all = new ArrayList<>(appendMany(0, 4 * log.partitions()));
        until(() -> hasAll(byA, byB, all) && shared(byA, byB), () -> {
            a.poll(IMMEDIATELY, collecting(byA));
            b.poll(IMMEDIATELY, collecting(byB));
            if (hasAll(byA, byB, all) && !shared(byA, byB)) {
                all.addAll(appendMany(all.size(), log.partitions()));
            }
        });
        a.close();
        List<Appended> last = appendMany(all.size(), 2 * log.partitions());
        until(() -> hasAll(byB, byB, last), () -> b.poll(IMMEDIATELY, collecting(byB)));
        b.commit();
        assertThat(Race.await(log.committed())).isEqualTo(end());
    }

    /** Whether each of both had a partition, where there are two. */
    private boolean shared(Set<String> byA, Set<String> byB) {
        return log.partitions() == 1 || (!byA.isEmpty() && !byB.isEmpty());
    }

    private static boolean hasAll(Set<String> some, Set<String> others, List<Appended> all) {
        return all.stream().map(e -> Text.of(e.event())).allMatch(e -> some.contains(e) || others.contains(e));
    }

    private static LogHandler collecting(Set<String> events) {
        return new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                events.add(Text.of(event));
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new AssertionError("gap in partition=" + partition + ": " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {}
        };
    }

    @Test
    void whatWasPutBeforeATruncationCountsAsAnInvalidation() {
        byte[] key = {1};
        Event put = new Event.Put(CACHE, key, "node-a", Entry.value(0, 1, 2, key));
        LogPosition start = end();
        append(0, put);
        Race.await(log.announceTruncation("a test"));
        log = openNode("node-b");
        Appended after = append(0, put);
        SeenEvents seen = new SeenEvents();
        pollUntil(tail(start), seen, () -> seen.hasPassed(after));
        assertThat(seen.inOrder()).containsExactly(Text.of(put.withoutValue()), Text.of(put));
    }

    @Test
    void aTailCannotCommit() {
        LogReader reader = tail(end());
        assertThatThrownBy(reader::commit).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void positionsByAgeFindTheFirstYoungEnoughEvent() {
        List<Appended> all = appendMany(0, 2 * log.partitions());
        LogPosition hour = Race.await(log.positionBefore(Duration.ofHours(1)));
        all.forEach(appended -> assertThat(hour.offset(appended.partition())).isLessThanOrEqualTo(appended.offset()));
        // every event is older than this as soon as the clock has moved on
        until(() -> Race.await(log.positionBefore(Duration.ofMillis(1))).equals(end()), Thread::onSpinWait);
    }

    @Test
    void aWaitingPollReturnsWhenWokenUp() {
        LogReader reader = tail(end());
        SeenEvents seen = new SeenEvents();
        boolean[] done = {false};
        try (Race race = new Race("log-waker")) {
            long began = System.nanoTime();
            race.run(
                    () -> {
                        reader.poll(Race.DEADLINE.multipliedBy(2), seen);
                        synchronized (done) {
                            done[0] = true;
                        }
                    },
                    () -> until(
                            () -> {
                                synchronized (done) {
                                    return done[0];
                                }
                            },
                            reader::wakeUp));
            assertThat(System.nanoTime() - began).isLessThan(Race.DEADLINE.toNanos());
        }
        List<Appended> after = appendMany(0, 5);
        pollUntil(reader, seen, () -> seen.hasPassed(after));
    }

    @Test
    void closingTwiceIsHarmlessAndLaterAppendsFail() {
        LogReader reader = tail(end());
        LogReader materialiser = materialiser(log);
        materialiser.poll(Duration.ZERO, new SeenEvents());
        for (int i = 0; i < 2; i++) {
            reader.close();
            materialiser.close();
            log.close();
        }
        assertFails(0, invalidate(1));
    }
}
