package io.g2cache.it;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.WriteToken;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.kafka.KafkaSync;
import java.time.Duration;

/** The README's example, between the marks. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    // README begins
    record City(String name, long population) {}

    static void example(String kafka, CacheLoader<Long, City> database) {
        try (G2Node node = G2Node.builder()
                .namespace("shop")
                .local(ChronicleLocal.builder().build())
                .out(HazelcastOut.member().clusterName("shop").build())
                .sync(KafkaSync.builder().bootstrapServers(kafka).build())
                .build()) {
            G2Cache<Long, City> cities =
                    node.cache(CacheSpec.builder("cities", Codecs.int64(), JsonCodec.of(City.class))
                            .maximumEntries(1_000_000)
                            .lifetime(Lifetime.of(Duration.ofMinutes(10), Duration.ofHours(2)))
                            .loader(database)
                            .build());

            City ulm = cities.get(42L); // local tier, else out tier, else the database, once
            WriteToken token = cities.invalidate(42L); // after the commit of an update: seen by every node
            City fresh = cities.get(42L, token, Duration.ofSeconds(1)); // on any node: at least as new as that write
            System.out.println(ulm + " " + fresh + " " + cities.stats());
        }
    }
    // README ends
}
