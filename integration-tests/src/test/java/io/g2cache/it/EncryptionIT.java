package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What lies in a real topic and in real maps of a cache with encryption and hashed keys, byte by byte. */
class EncryptionIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int KEYS = 8;

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final KeyRing ring = new KeyRing(EncryptionKeys.of("first", bytes(1)));

    private static byte[] bytes(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private static CacheSpecBuilder<String, String> spec(String name) {
        return Rig.text(name)
                .publish(PublishMode.VALUE)
                .publishLoads(true)
                .tags((key, value) -> List.of("tag-of-" + name));
    }

    @Test
    void neitherValuesNorKeysNorTagsLieReadablyInTopicOrMaps() {
        CacheSpec<String, String> hidden = spec("hidden")
                .encryption(Encryption.aesGcm(ring))
                .hashKeys(KeyHasher.hmacSha256(bytes(9)))
                .build();
        CacheSpec<String, String> sealed =
                spec("sealed").encryption(Encryption.aesGcm(ring)).build();
        CacheSpec<String, String> readable = spec("readable").build();
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            List<G2Node> nodes = rig.start(2);
            for (CacheSpec<String, String> spec : List.of(hidden, sealed, readable)) {
                use(spec, nodes.get(0), nodes.get(1));
            }
            ring.replace(ring.keys().plus("second", bytes(2)).sealingWith("second"));
            for (CacheSpec<String, String> spec : List.of(hidden, sealed)) {
                use(spec, nodes.get(0), nodes.get(1));
                assertThat(nodes.get(0).cache(spec).stats().counter("open_failure"))
                        .isZero();
                assertThat(nodes.get(1).cache(spec).stats().counter("open_failure"))
                        .isZero();
            }
            for (String all : List.of(topic(rig.namespace()), maps(rig.namespace()))) {
                assertThat(all).contains("key-of-readable", "value-of-readable", "key-of-sealed", "second");
                assertThat(all).doesNotContain("value-of-sealed", "key-of-hidden", "value-of-hidden", "tag-of-hidden");
            }
            assertThat(topic(rig.namespace())).contains("tag-of-readable", "tag-of-sealed", "first");
        }
    }

    private static void use(CacheSpec<String, String> spec, G2Node first, G2Node second) {
        String name = spec.name();
        G2Cache<String, String> a = first.cache(spec);
        G2Cache<String, String> b = second.cache(spec);
        second.awaitToken(a.invalidateTag("tag-of-" + name), SOON);
        for (int i = 0; i < KEYS; i++) {
            String put = "key-of-" + name + "-put-" + i;
            WriteToken token = a.put(put, "value-of-" + name + i);
            second.awaitToken(token, SOON);
            assertThat(b.get(put)).isEqualTo("value-of-" + name + i);
            String loaded = "key-of-" + name + "-loaded-" + i;
            assertThat(a.get(loaded, key -> "value-of-" + name)).isEqualTo("value-of-" + name);
            Awaitility.await().atMost(SOON).until(() -> ("value-of-" + name).equals(b.get(loaded)));
        }
    }

    /** All bytes of keys and values of the log's records. */
    private static String topic(String namespace) {
        StringBuilder all = new StringBuilder();
        Map<String, Object> config = Map.of("bootstrap.servers", BROKER.bootstrapServers());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("g2cache-" + namespace).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            Awaitility.await().atMost(SOON).until(() -> {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
                    append(all, one.key());
                    append(all, one.value());
                    one.headers().forEach(header -> append(all, header.value()));
                }
                return partitions.stream().allMatch(p -> consumer.position(p) >= end.get(p));
            });
        }
        return all.toString();
    }

    /** All bytes of keys and values of the cluster's maps. */
    private static String maps(String cluster) {
        HazelcastInstance member = Hazelcast.getAllHazelcastInstances().stream()
                .filter(one -> one.getConfig().getClusterName().equals(cluster))
                .findFirst()
                .orElseThrow();
        StringBuilder all = new StringBuilder();
        List<String> names = new ArrayList<>();
        member.getDistributedObjects().forEach(object -> {
            if (object instanceof IMap<?, ?> map) {
                names.add(map.getName());
                map.forEach((key, value) -> {
                    if (key instanceof byte[] keyBytes && value instanceof byte[] valueBytes) {
                        append(all, keyBytes);
                        append(all, valueBytes);
                    }
                });
            }
        });
        assertThat(names).anyMatch(name -> name.contains("hidden"));
        return all.toString();
    }

    private static void append(StringBuilder all, byte[] bytes) {
        all.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
    }
}
