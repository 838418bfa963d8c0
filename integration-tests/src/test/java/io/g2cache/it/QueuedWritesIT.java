package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed, a node goes on writing, and is killed too: every write that it reported as queued is in the log after
 * the next start, in order, and none of its keys is served from what its local tier had kept.
 */
@Timeout(240)
@Tag("slow")
class QueuedWritesIT {
    private static final int QUEUED = 400;

    @TempDir
    Path directory;

    private final String namespace = "queued-" + UUID.randomUUID();

    @Test
    void everyWriteReportedAsQueuedIsSentAfterAKill() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            List<Integer> queued = writeUntilKilled(broker);
            assertThat(queued).hasSizeGreaterThanOrEqualTo(QUEUED);
            broker.start();
            try (G2Node node = QueueingNode.builder(broker.bootstrapServers(), namespace, directory)
                    .build()) {
                G2Cache<String, String> cache = node.cache(QueueingNode.spec().build());
                for (int i = 0; i < QueueingNode.WARM; i++) {
                    assertThat(cache.get(QueueingNode.key(i))).as("key %s", i).isNull();
                }
                await().atMost(60, TimeUnit.SECONDS)
                        .until(() -> node.writeQueue().waiting() == 0);
                Map<Integer, List<Integer>> sent = invalidations(broker.bootstrapServers());
                List<Integer> all = sent.values().stream().flatMap(List::stream).toList();
                assertThat(all).containsAll(queued);
                sent.forEach((partition, keys) ->
                        assertThat(keys).as("partition %s", partition).isSorted());
                assertThat(cache.put("k0", "newer").isQueued()).isFalse();
                assertThat(cache.get("k0")).isEqualTo("newer");
            }
        }
    }

    private List<Integer> writeUntilKilled(KafkaBroker broker) throws Exception {
        Process child = ChildJvm.start(QueueingNode.class, broker.bootstrapServers(), namespace, directory.toString());
        List<Integer> queued = new ArrayList<>();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("WARM");
            broker.kill();
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.endsWith(".")) {
                    queued.add(Integer.parseInt(line.substring("QUEUED ".length(), line.length() - 1)));
                }
                if (queued.size() == QUEUED) {
                    assertThat(child.toHandle().destroyForcibly()).isTrue();
                }
            }
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        return queued;
    }

    /** The numbers of the keys that the log has invalidations of, by partition, each where it is found last. */
    private Map<Integer, List<Integer>> invalidations(String servers) throws Exception {
        Map<Integer, List<Integer>> found = new HashMap<>();
        KeySpace space = new KeySpace("queued", QueueingNode.PARTITIONS);
        WholeLog.read(servers, namespace, (partition, offset, event) -> {
            if (event instanceof Event.Invalidate invalidate) {
                String key = Codecs.string().decode(ByteBuffer.wrap(invalidate.key()));
                assertThat(space.key(invalidate.key()).partition()).isEqualTo(partition);
                List<Integer> keys = found.computeIfAbsent(partition, p -> new ArrayList<>());
                int number = Integer.parseInt(key.substring(1));
                keys.remove((Integer) number);
                keys.add(number);
            }
        });
        return found;
    }
}
