package io.g2cache.it;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.PublishMode;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.kafka.KafkaSync;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The program of a node that goes on writing while the broker is away, until it is killed: says each key whose write was
 * reported as queued.
 */
final class QueueingNode {
    static final int WARM = 100;

    private QueueingNode() {}

    static CacheSpecBuilder<String, String> spec() {
        return CacheSpec.builder("queued", Codecs.string(), Codecs.string())
                .publish(PublishMode.VALUE)
                .whenLogIsAway(WhenLogIsAway.QUEUE);
    }

    static G2NodeBuilder builder(String servers, String namespace, Path directory) {
        return G2Node.builder()
                .namespace(namespace)
                .local(ChronicleLocal.builder()
                        .persistTo(directory.resolve("tier"))
                        .build())
                .sync(KafkaSync.builder()
                        .bootstrapServers(servers)
                        .partitions(3)
                        .replicationFactor(1)
                        .requestTimeout(Duration.ofSeconds(5))
                        .deliveryTimeout(Duration.ofSeconds(1))
                        .build())
                .writeQueue(WriteQueue.in(directory.resolve("queue")));
    }

    /** Arguments: bootstrap servers, namespace, directory. */
    public static void main(String[] args) throws Exception {
        G2Node node = builder(args[0], args[1], Path.of(args[2])).build();
        G2Cache<String, String> cache = node.cache(spec().build());
        for (int i = 0; i < WARM; i++) {
            cache.put(key(i), "old");
        }
        System.out.println("WARM");
        if (System.in.read() < 0) {
            return;
        }
        for (int i = 0; ; i++) {
            if (cache.put(key(i), "new").isQueued()) {
                System.out.println("QUEUED " + i + ".");
            }
        }
    }

    static String key(int i) {
        return "k" + i;
    }
}
