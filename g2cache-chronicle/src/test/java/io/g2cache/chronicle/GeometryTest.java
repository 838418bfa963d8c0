package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTest {
    private static Geometry of(int segments, long entries, int averageBytes, int maximumValueBytes) {
        return Geometry.of(
                new LocalContext<>(
                        "geometry",
                        new KeySpace("geometry", 1),
                        Codecs.string(),
                        new ValueFormat<>(Codecs.bytes()),
                        Floors.NONE,
                        entries,
                        averageBytes,
                        maximumValueBytes,
                        false,
                        "test",
                        TimeSource.SYSTEM),
                segments);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 100, 1_000, 100_000, 999_999, 10_000_000, 1L << 31})
    void theBoundsOfTheSegmentsAddUpToTheMaximum(long entries) {
        for (int segments : new int[] {0, 1, 16, 64}) {
            if (entries < 1L << 29 || segments == 0) {
                Geometry geometry = of(segments, entries, 100, 1_000);
                long sum = 0;
                for (int i = 0; i < geometry.segments(); i++) {
                    assertThat(geometry.entriesOf(i)).isBetween(1, geometry.segmentEntries());
                    sum += geometry.entriesOf(i);
                }
                assertThat(sum).isEqualTo(entries);
                assertThat(Integer.bitCount(geometry.segments())).isEqualTo(1);
            }
        }
    }

    @Test
    void segmentsAreAsManyAsLeaveRoom() {
        assertThat(of(0, 100, 100, 1_000).segments()).isEqualTo(1);
        assertThat(of(0, 4_096, 100, 1_000).segments()).isEqualTo(4);
        assertThat(of(0, 1_000_000, 100, 1_000).segments()).isEqualTo(256);
        assertThat(of(0, 1L << 31, 100, 1_000).segments()).isEqualTo(512);
        assertThat(of(0, 100_000, 512, 1 << 20).segments()).isEqualTo(16);
        assertThat(of(64, 3, 100, 1_000).segments()).isEqualTo(2);
    }

    @Test
    void thereIsAQuarterOfHeadRoomAroundTheAverageEntry() {
        Geometry geometry = of(1, 10_000, 500, 1_000);
        long bytes = (long) geometry.segmentChunks() * geometry.chunkBytes();
        assertThat(bytes).isBetween(10_000L * 500 * 5 / 4, 10_000L * 600 * 3 / 2);
        assertThat(geometry.chunkBytes() * 4L).isBetween(500L, 600L);
    }

    @Test
    void theLargestEntryTakesAllChunks() {
        for (int average = 16; average < 2_000; average += 37) {
            Geometry geometry = of(1, 10, average, 1_000);
            assertThat(geometry.chunks(geometry.maximumSize())).isEqualTo(geometry.segmentChunks());
            assertThat(geometry.chunks(geometry.maximumSize() + 1)).isEqualTo(geometry.segmentChunks() + 1L);
        }
    }

    @Test
    void tooFewSegmentsAreRefused() {
        assertThatThrownBy(() -> of(1, 1L << 31, 100, 1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("segments=1")
                .hasMessageContaining("maximumEntries=2147483648");
    }

    @Test
    void deadlinesAreRoundedUpAndThePresentDown() {
        long time = 1_800_000_000_123L;
        assertThat(Ticks.deadline(time)).isGreaterThan(Ticks.now(time));
        assertThat(Ticks.deadline(time)).isLessThanOrEqualTo(Ticks.now(time + 4_096));
        assertThat(Ticks.deadline(Long.MAX_VALUE)).isGreaterThan(Ticks.now(Long.MAX_VALUE - 4_096) - 1);
        assertThat(Ticks.deadline(Long.MIN_VALUE)).isGreaterThan(Ticks.NEVER);
        assertThat(Ticks.now(Long.MIN_VALUE)).isGreaterThan(Ticks.NEVER);
    }
}
