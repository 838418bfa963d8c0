package io.g2cache.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final int ENTRIES = 10_000;
    private static final int READS = 100_000;
    private final Workload workload = new Workload(ENTRIES);

    @Test
    void keysDifferAndReadsUseEqualObjects() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < ENTRIES; i++) {
            keys.add(workload.key(i));
        }
        assertThat(keys).hasSize(ENTRIES);
        assertThat(workload.read(7))
                .isEqualTo(workload.key(workload.rank(7)))
                .isNotSameAs(workload.key(workload.rank(7)));
    }

    @Test
    void aTenthOfTheKeysGetsMostOfTheReads() {
        int hot = 0;
        for (int i = 0; i < READS; i++) {
            hot += workload.rank(i) < ENTRIES / 10 ? 1 : 0;
        }
        assertThat((double) hot / READS).isBetween(0.70, 0.85);
    }
}
