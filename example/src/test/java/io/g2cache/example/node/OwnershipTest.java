package io.g2cache.example.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    @Test
    void givesEveryRowOneWriterOrAll() {
        assertThat(LongStream.range(0, 10_000)).allSatisfy(id -> {
            long writers = IntStream.range(0, 3)
                    .filter(index -> new Ownership(index, 3).mayWrite(id))
                    .count();
            assertThat(writers).isEqualTo(Ownership.hasSingleWriter(id) ? 1 : 3);
        });
    }

    @Test
    void sharesSomeRowsOut() {
        assertThat(LongStream.range(0, 10_000)
                        .filter(Ownership::hasSingleWriter)
                        .count())
                .isEqualTo(3_000);
        assertThat(LongStream.range(0, 9_000)
                        .filter(Ownership::hasSingleWriter)
                        .filter(id -> new Ownership(1, 3).mayWrite(id)))
                .hasSize(900);
    }
}
