package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Event;
import io.g2cache.testkit.FakeTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

/** What an audit reports, on fake time and of nodes that say what they are told to. */
class AuditRunTest {
    private static final String GENERATION = "topic-1";
    private static final List<String> CACHES = List.of("cities", "towns");
    private static final Duration LASTING = Duration.ofSeconds(10);
    private static final long CLEAR = 7;

    private final FakeTime time = new FakeTime(1_700_000_000_000L);
    private final Stop stop = new Stop();
    private final Session session =
            new Session(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), time, false, stop);
    private final AuditKeys keys = new AuditKeys(CACHES, 1, 0, new Random(1));
    private final Map<AuditNode, AuditNode.About> nodes = new LinkedHashMap<>();

    /** Says the same of every key of a cache: that its local tier holds an entry of this version. */
    private final class Node implements AuditNode.Line {
        final AuditNode node;
        final String id;
        final Map<String, Long> held = new LinkedHashMap<>();
        final List<String> asked = new ArrayList<>();
        String generation = GENERATION;
        int failures;
        Runnable whenAsked = () -> {};

        Node(String id) {
            this.id = id;
            this.node = new AuditNode(id + ":1", "-", this, stop);
            nodes.put(node, new AuditNode.About(id, "READY", GENERATION, 1, CACHES));
        }

        @Override
        public byte[] ask(String question) throws IOException {
            asked.add(question);
            whenAsked.run();
            if (failures > 0) {
                failures--;
                throw new IOException("planted");
            }
            String[] words = question.strip().split(" ");
            long version = held.getOrDefault(words[3], CLEAR);
            String key = "{\"partition\":0,\"position\":10,\"committed\":10,\"local\":{\"kind\":\"VALUE\",\"version\":"
                    + version + ",\"softDeadline\":1,\"hardDeadline\":2,\"usable\":true}}";
            int count = words[4].split(",").length;
            String all = IntStream.range(0, count).mapToObj(i -> key).collect(Collectors.joining(","));
            return ("{\"node\":\"" + id + "\",\"generation\":\"" + generation + "\",\"keys\":[" + all + "]}\n")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    private AuditRun.Outcome run() {
        CACHES.forEach(cache -> {
            byte[] ulm = Codecs.string().encode("ulm");
            keys.add(cache, ulm);
            keys.read(new LogRecord(0, CLEAR, 1_000, 10, ulm, new Event.Clear(cache, "node"), null));
        });
        return new AuditRun(keys, nodes, LASTING, session, millis -> time.advance(Duration.ofMillis(millis))).run();
    }

    @Test
    void whatLastsIsReportedWithTheTimeFromItsFirstToItsLastSighting() {
        Node node = new Node("a");
        node.held.put("cities", 3L);
        AuditRun.Outcome outcome = run();
        assertThat(outcome.differences()).hasSize(1);
        assertThat(outcome.differences().get(0).forMillis()).isEqualTo(LASTING.toMillis());
        assertThat(outcome.compared()).isEqualTo(2);
    }

    @Test
    void whatWasSeenOnlyOnceIsNotReportedHoweverLongTheFirstPassTook() {
        Node node = new Node("a");
        node.held.put("cities", 3L);
        node.whenAsked = () -> {
            time.advance(LASTING.multipliedBy(10));
            if (node.asked.size() > 2) {
                node.held.clear();
            }
        };
        assertThat(run().differences()).isEmpty();
        assertThat(node.asked).hasSize(3);
    }

    @Test
    void aQuestionThatFailsIsAskedAgain() {
        Node node = new Node("a");
        node.failures = 1;
        AuditRun.Outcome outcome = run();
        assertThat(outcome.lost()).isEmpty();
        assertThat(outcome.compared()).isEqualTo(2);
    }

    @Test
    void aNodeThatStopsAnsweringIsLeftOutAndTheOthersAreAudited() {
        Node good = new Node("a");
        Node bad = new Node("b");
        good.held.put("cities", 3L);
        bad.held.put("towns", 4L);
        bad.whenAsked = () -> bad.failures = bad.asked.size() > 2 ? 1 : 0;
        AuditRun.Outcome outcome = run();
        assertThat(outcome.lost()).containsOnlyKeys(bad.node);
        assertThat(outcome.lost().get(bad.node)).contains("node=b:1 does not answer", "planted");
        assertThat(outcome.differences()).extracting(AuditRun.Difference::node).containsExactly(good.node, bad.node);
        assertThat(outcome.differences().get(0).forMillis()).isEqualTo(LASTING.toMillis());
        assertThat(outcome.differences().get(1).forMillis()).isZero();
        assertThat(bad.asked).hasSize(5);
    }

    @Test
    void aNodeThatHasLeftItsGenerationIsNotComparedAnyMore() {
        Node node = new Node("a");
        node.held.put("cities", 3L);
        node.generation = "topic-2";
        AuditRun.Outcome outcome = run();
        assertThat(outcome.differences()).isEmpty();
        assertThat(outcome.compared()).isZero();
        assertThat(outcome.lost().get(node.node)).contains("generation=topic-1", "generation=topic-2");
    }

    @Test
    void aSignalBringsNothingBackThatWasRefutedAndKeepsWhatWasNotLookedAtAgain() {
        Node node = new Node("a");
        node.held.put("cities", 3L);
        node.held.put("towns", 3L);
        List<String> refuted = new ArrayList<>();
        node.whenAsked = () -> {
            if (node.asked.size() == 3) {
                refuted.addAll(node.held.keySet());
                String cache = node.asked.get(2).split(" ")[3];
                refuted.removeIf(name -> !name.equals(cache));
                node.held.remove(cache);
                stop.request();
            }
        };
        AuditRun.Outcome outcome = run();
        assertThat(outcome.interrupted()).isTrue();
        assertThat(refuted).hasSize(1);
        assertThat(outcome.differences())
                .hasSize(1)
                .noneMatch(difference -> refuted.contains(difference.key().cache()));
    }

    @Test
    void keysAreAskedForInHex() {
        Node node = new Node("a");
        AuditRun.Outcome outcome = run();
        assertThat(outcome.differences()).isEmpty();
        assertThat(node.asked.get(0))
                .endsWith(HexFormat.of().formatHex(Codecs.string().encode("ulm")) + "\n");
    }

    @Test
    void aDifferenceMustLastForSomeTime() {
        StringWriter err = new StringWriter();
        Session own = new Session(new PrintWriter(new StringWriter()), new PrintWriter(err), time, false, stop);
        int status = AuditCommand.run(own, "-b", "127.0.0.1:1", "-n", "x", "--node", "127.0.0.1:1", "--for", "0s");
        assertThat(status).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--for");
    }
}
