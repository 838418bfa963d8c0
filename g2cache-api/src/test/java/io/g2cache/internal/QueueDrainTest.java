package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.WriteQueue;
import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the queue is sent to partitions of which some are away. */
class QueueDrainTest {
    private static final int PARTITIONS = 3;
    private static final KeySpace CITIES = new KeySpace("cities", PARTITIONS);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final ScriptedSequencer log = new ScriptedSequencer(PARTITIONS);
    private final FillFence fence = fence();
    private final QueueInUse ofNode = new QueueInUse();
    private final List<QueuedWrites> open = new ArrayList<>();

    private FillFence fence() {
        CacheFloors.TagOptions tags = new CacheFloors.TagOptions(16, Duration.ofDays(1));
        return new FillFence(time, PARTITIONS, 1 << 10, Duration.ofMinutes(1), false, tags);
    }

    @AfterEach
    void close() {
        open.forEach(QueuedWrites::close);
    }

    private QueuedWrites queue(Path at) {
        QueuedWrites queue = QueuedWrites.open(
                WriteQueue.in(at).withForced(false).withMaximumEntries(2_500), fence, PARTITIONS, ofNode, time);
        open.add(queue);
        return queue;
    }

    private QueueDrain drain(QueuedWrites queue) {
        return new QueueDrain(queue, log, fence, "n", time);
    }

    /** The first keys of a partition. */
    private static List<EncodedKey> keys(int partition, int count) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> CITIES.key(("k" + i).getBytes(StandardCharsets.UTF_8)))
                .filter(key -> key.partition() == partition)
                .limit(count)
                .toList();
    }

    private static void add(QueuedWrites queue, List<EncodedKey> keys) {
        queue.add(keys.stream()
                .map(key -> QueuedEvent.invalidate("cities", key.bytes()))
                .toList());
    }

    private static void run(QueueDrain drain) {
        for (int quiet = 0; quiet < 3; ) {
            quiet = drain.doWork(Duration.ZERO) == 0 ? quiet + 1 : 0;
        }
    }

    private void later(QueueDrain drain) {
        time.advance(Duration.ofSeconds(1));
        run(drain);
    }

    private List<String> sent(int partition) {
        return log.taken(partition).stream().map(QueueDrainTest::text).toList();
    }

    private static String text(Event event) {
        return event instanceof Event.Invalidate one
                ? new String(one.key(), StandardCharsets.UTF_8)
                : event.getClass().getSimpleName();
    }

    private static List<String> text(List<EncodedKey> keys) {
        return keys.stream()
                .map(key -> new String(key.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aTagTakesTheRoomOfThePartitionsThatItWaitsFor() {
        QueuedWrites queue = QueuedWrites.open(
                WriteQueue.in(directory).withForced(false).withMaximumEntries(40), fence, 321, ofNode, time);
        open.add(queue);
        List<QueuedEvent> tags = Stream.iterate(0, i -> i + 1)
                .limit(10)
                .map(i -> QueuedEvent.tag("cities", "tag" + i))
                .toList();

        assertThat(queue.add(tags).count()).as("11 places each").isEqualTo(4);
        assertThat(queue.status().waiting()).isEqualTo(4);
    }

    @Test
    void aPartitionThatIsAwayHoldsUpNothingButItsOwn() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.away.add(0);
        add(queue, keys(0, 5));
        add(queue, keys(1, 2_000));
        add(queue, keys(2, 3));
        for (int i = 0; i < 20; i++) {
            later(drain);
        }
        assertThat(sent(1)).isEqualTo(text(keys(1, 2_000)));
        assertThat(sent(2)).isEqualTo(text(keys(2, 3)));
        assertThat(queue.status().waiting()).isEqualTo(5);
        assertThat(queue.isAway(0)).isTrue();
        assertThat(queue.isAway(1)).isFalse();
        log.away.clear();
        later(drain);
        assertThat(sent(0)).isEqualTo(text(keys(0, 5)));
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isAway(0)).isFalse();
    }

    @Test
    void aPartitionThatDoesNotAnswerHoldsUpNothingButItsOwn() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.silent.add(0);
        add(queue, keys(0, 1));
        add(queue, keys(1, 100));
        run(drain);
        assertThat(sent(1)).isEqualTo(text(keys(1, 100)));
        assertThat(queue.status().waiting()).isEqualTo(1);
    }

    @Test
    void aPartitionThatIsAwayIsProbedWithOneEventAtATime() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.away.add(0);
        add(queue, keys(0, 100));
        run(drain);
        for (int i = 0; i < 9; i++) {
            later(drain);
        }
        assertThat(log.attempts).isEqualTo(10);
    }

    @Test
    void whatFollowsAFailedEventOfItsPartitionIsSentAgainBehindIt() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.takes.put(0, 7);
        add(queue, keys(0, 100));
        run(drain);
        assertThat(sent(0)).isEqualTo(text(keys(0, 7)));
        log.away.clear();
        later(drain);
        assertThat(sent(0)).isEqualTo(text(keys(0, 100)));
        assertThat(queue.status().sent()).isEqualTo(100);
    }

    @Test
    void afterAKillNothingIsMissingAndWhatWasSentBehindTheHeadIsSentAgain() throws Exception {
        QueuedWrites queue = queue(directory.resolve("first"));
        QueueDrain drain = drain(queue);
        log.away.add(0);
        add(queue, keys(1, 2));
        add(queue, keys(0, 1));
        add(queue, keys(1, 5));
        later(drain);
        assertThat(sent(1)).hasSize(5);
        QueuedWrites killed = queue(copy("killed"));
        assertThat(waiting(killed))
                .containsExactlyInAnyOrderElementsOf(text(
                        Stream.concat(keys(0, 1).stream(), keys(1, 5).stream().skip(2))
                                .toList()));
        log.away.clear();
        later(drain);
        assertThat(queue(copy("later")).isEmpty()).isTrue();
        later(drain(killed));
        assertThat(killed.isEmpty()).isTrue();
        assertThat(sent(0))
                .containsExactly(text(keys(0, 1)).get(0), text(keys(0, 1)).get(0));
    }

    private Path copy(String name) throws Exception {
        Path to = Files.createDirectory(directory.resolve(name));
        try (Stream<Path> files = Files.list(directory.resolve("first"))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    private static List<String> waiting(QueuedWrites queue) {
        List<String> waiting = new ArrayList<>();
        queue.forEach("cities", event -> waiting.add(new String(event.key(), StandardCharsets.UTF_8)));
        return waiting;
    }

    @Test
    void aKeyThatIsWrittenAgainWhileItIsSentWaitsOnceMore() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        EncodedKey key = keys(0, 1).get(0);
        log.silent.add(0);
        add(queue, List.of(key, key));
        assertThat(queue.status().waiting()).isEqualTo(1);
        drain.doWork(Duration.ZERO);
        add(queue, List.of(key, key));
        assertThat(queue.status().waiting()).isEqualTo(2);
        assertThat(fence.dead().isDead(key, fence.floors("cities"))).isTrue();
    }

    @Test
    void aClearIsDoneWhenTheLastPartitionHasTakenItAndEachTakesItOnce() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        EncodedKey key = keys(0, 1).get(0);
        log.away.add(1);
        queue.add(List.of(QueuedEvent.clear("cities"), QueuedEvent.tag("cities", "red")));
        for (int i = 0; i < 10; i++) {
            later(drain);
        }
        assertThat(counts()).isEqualTo(Map.of(0, 2, 1, 0, 2, 2));
        assertThat(queue.status().waiting()).isEqualTo(2);
        assertThat(fence.dead().isDead(key, fence.floors("cities"))).isTrue();
        log.away.clear();
        later(drain);
        for (int p = 0; p < PARTITIONS; p++) {
            assertThat(sent(p)).containsExactly("Clear", "Tag");
            assertThat(fence.floors("cities").floor(p)).isZero();
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(fence.dead().isDead(key, fence.floors("cities"))).isFalse();
    }

    @Test
    void clearsThatAreRepeatedWhileAPartitionIsAwayDoNotPileUp() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.away.add(1);
        for (int i = 1; i <= 100; i++) {
            queue.add(List.of(QueuedEvent.clear("cities")));
            later(drain);
            assertThat(counts()).isEqualTo(Map.of(0, i, 1, 0, 2, i));
        }
        assertThat(queue.status().waiting()).isEqualTo(1);
        log.away.clear();
        later(drain);
        assertThat(counts()).isEqualTo(Map.of(0, 100, 1, 1, 2, 100));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void clearsThatAreRepeatedWhileAPartitionDoesNotAnswerDoNotPileUp() {
        QueuedWrites queue = queue(directory);
        QueueDrain drain = drain(queue);
        log.silent.add(1);
        for (int i = 1; i <= 100; i++) {
            queue.add(List.of(QueuedEvent.clear("cities")));
            later(drain);
            assertThat(counts()).isEqualTo(Map.of(0, i, 1, 0, 2, i));
        }
        assertThat(queue.status().waiting()).isEqualTo(2);
    }

    @Test
    void theNextGenerationOfTheLogCountsOn() {
        QueuedWrites first = queue(directory);
        QueueDrain drain = drain(first);
        log.away.add(0);
        add(first, keys(0, 3));
        add(first, keys(1, 4));
        later(drain);
        assertThat(first.status().accepted()).isEqualTo(7);
        assertThat(first.status().sent()).isEqualTo(4);
        first.close();
        log.away.clear();
        QueuedWrites second = queue(directory);
        add(second, keys(2, 2_600));
        later(drain(second));
        assertThat(second.status().waiting()).isZero();
        assertThat(second.status().accepted()).isEqualTo(2_500);
        assertThat(second.status().sent())
                .as("those behind the head were sent twice")
                .isEqualTo(2_500 + 4);
        assertThat(second.status().refused()).isEqualTo(107);
    }

    private Map<Integer, Integer> counts() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            counts.put(p, log.taken(p).size());
        }
        return counts;
    }
}
