package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentVersionsTest {
    private final KeySpace space = new KeySpace("cities", 3);

    private EncodedKey key(int number) {
        return space.key(("k" + number).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void onlyANewerVersionIsRemembered() {
        RecentVersions recent = new RecentVersions(16, (p, v, n) -> {});
        assertThat(recent.version(key(1))).isEqualTo(RecentVersions.NONE);
        recent.record(key(1), 5, 0);
        recent.record(key(1), 4, 0);
        assertThat(recent.version(key(1))).isEqualTo(5);
        recent.record(key(1), 6, 0);
        assertThat(recent.version(key(1))).isEqualTo(6);
        recent.forget(key(1));
        recent.forget(key(1));
        assertThat(recent.version(key(1))).isEqualTo(RecentVersions.NONE);
    }

    @Test
    void aKeyThatLeavesIsReportedWhileItIsStillKnown() {
        List<String> left = new ArrayList<>();
        RecentVersions[] recent = new RecentVersions[1];
        recent[0] = new RecentVersions(1, (partition, version, nanos) -> {
            left.add(partition + "/" + version + "/" + nanos);
            assertThat(recent[0].version(key((int) version))).isEqualTo(version);
        });
        for (int i = 0; i < 100; i++) {
            recent[0].record(key(i), i, 1_000L + i);
        }
        assertThat(left).hasSize(100 - 16).contains(key(0).partition() + "/0/1000");
    }

    /** Whatever is recorded is either still known, at its newest version, or was reported with it. */
    @Test
    void agreesWithAModel() {
        for (long seed = 1; seed <= 30; seed++) {
            Random random = new Random(seed);
            Map<Long, Integer> keyOfVersion = new HashMap<>();
            Map<Integer, Long> model = new HashMap<>();
            RecentVersions recent = new RecentVersions(1 + random.nextInt(200), (partition, version, nanos) -> {
                Integer number = keyOfVersion.get(version);
                assertThat(number).isNotNull();
                assertThat(partition).isEqualTo(key(number).partition());
                assertThat(model.remove(number)).isEqualTo(version);
            });
            for (long version = 0; version < 3_000; version++) {
                int number = random.nextInt(300);
                if (random.nextInt(20) == 0) {
                    recent.forget(key(number));
                    model.remove(number);
                } else if (model.containsKey(number) && random.nextInt(5) == 0) {
                    recent.record(key(number), model.get(number) - random.nextInt(2), 0);
                } else {
                    keyOfVersion.put(version, number);
                    model.put(number, version);
                    recent.record(key(number), version, 0);
                }
                int probe = random.nextInt(300);
                assertThat(recent.version(key(probe)))
                        .as("seed=%s version=%s", seed, version)
                        .isEqualTo(model.getOrDefault(probe, RecentVersions.NONE));
            }
        }
    }
}
