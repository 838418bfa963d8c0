package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A node that is started again while its source is down serves what had expired, but nothing that was made invalid. */
class SourceDownAtRestartIT {
    private static final Duration HARD = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @TempDir
    Path directory;

    private final String namespace = "source-" + UUID.randomUUID();
    private volatile boolean down;

    private G2Node node(Path kept) {
        return G2Node.builder()
                .namespace(namespace)
                .local(ChronicleLocal.builder().persistTo(kept).build())
                .sync(Rig.kafka(BROKER.bootstrapServers()))
                .build();
    }

    private G2Cache<String, String> cache(G2Node node) {
        return node.cache(CacheSpec.builder("texts", Codecs.string(), Codecs.string())
                .lifetime(Lifetime.hard(HARD))
                .failSafeFor(Duration.ofMinutes(10))
                .loader(this::load)
                .build());
    }

    private String load(String key) throws IOException {
        if (down) {
            throw new IOException("the source is down");
        }
        return key + "!";
    }

    @Test
    void expiredEntriesOutliveARestart() {
        Path kept = directory.resolve("one");
        try (G2Node before = node(kept)) {
            G2Cache<String, String> cache = cache(before);
            assertThat(cache.get("a")).isEqualTo("a!");
            assertThat(cache.get("b")).isEqualTo("b!");
        }
        down = true;
        try (G2Node other = node(directory.resolve("two"))) {
            cache(other).invalidate("b");
        }
        try (G2Node after = node(kept)) {
            G2Cache<String, String> cache = cache(after);
            await().atMost(SOON).until(() -> "a!".equals(orNull(cache, "a")) && failSafeHits(cache) > 0);
            assertThatThrownBy(() -> cache.get("b"))
                    .isInstanceOf(LoadException.class)
                    .hasRootCauseMessage("the source is down");
        }
    }

    private static long failSafeHits(G2Cache<?, ?> cache) {
        return cache.stats().counter("fail_safe_hit");
    }

    private static String orNull(G2Cache<String, String> cache, String key) {
        try {
            return cache.get(key);
        } catch (LoadException e) {
            return null;
        }
    }
}
