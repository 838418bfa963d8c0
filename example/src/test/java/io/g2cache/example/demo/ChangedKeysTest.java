package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.example.node.Ownership;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {
    @Test
    void givesEachWriterItsShareOfRowsItMayWrite() {
        long[] ranked = LongStream.range(0, 5_000).toArray();

        List<List<Long>> shares = ChangedKeys.share(ranked, 1_000, 3, List.of(0, 2));

        assertThat(shares)
                .hasSize(2)
                .allSatisfy(share -> assertThat(share).hasSize(500).doesNotHaveDuplicates());
        assertThat(shares.get(0)).doesNotContainAnyElementsOf(shares.get(1));
        assertThat(shares.get(0)).allMatch(new Ownership(0, 3)::mayWrite).anyMatch(Ownership::hasSingleWriter);
        assertThat(shares.get(1)).allMatch(new Ownership(2, 3)::mayWrite).anyMatch(Ownership::hasSingleWriter);
    }
}
