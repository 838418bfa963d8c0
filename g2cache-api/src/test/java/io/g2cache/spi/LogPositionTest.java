package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogPositionTest {
    @Test
    void offsetsAreCopied() {
        long[] offsets = {1, 2};
        LogPosition position = LogPosition.of(offsets);
        offsets[0] = 9;
        assertThat(position.offset(0)).isEqualTo(1);
        assertThat(position.partitions()).isEqualTo(2);
        assertThat(position).hasToString("LogPosition[1, 2]");
    }

    @Test
    void theSmallerOffsetOfEachPartitionWins() {
        LogPosition a = LogPosition.of(1, 5, 3);
        LogPosition b = LogPosition.of(2, 4, 3);
        assertThat(a.min(b)).isEqualTo(LogPosition.of(1, 4, 3)).isEqualTo(b.min(a));
        assertThat(a).isEqualTo(LogPosition.of(1, 5, 3)).isNotEqualTo(b);
        assertThat(LogPosition.all(3, 7)).isEqualTo(LogPosition.of(7, 7, 7)).hasSameHashCodeAs(LogPosition.of(7, 7, 7));
    }
}
