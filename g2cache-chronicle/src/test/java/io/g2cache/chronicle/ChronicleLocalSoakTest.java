package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing grows, and no cap is ever passed; {@code target/soak-*.html} shows the curves. */
class ChronicleLocalSoakTest {
    private static final int ENTRIES = 5_000;
    private static final int AVERAGE_BYTES = 300;
    private static final long MARGIN_BYTES = 32 << 20;

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void tenSeconds() throws Exception {
        run("short", Duration.ofSeconds(10), 40);
    }

    @Test
    @Tag("nightly")
    @Timeout(900)
    void tenMinutes() throws Exception {
        run("nightly", Duration.ofMinutes(10), 200);
    }

    private void run(String name, Duration duration, int samples) throws Exception {
        try (Tier<byte[]> tier = Tier.kept(directory, 8, ENTRIES, AVERAGE_BYTES)) {
            List<Soak.Sample> taken = new Soak(tier, duration, samples, this::fileBytes).run();
            tier.assertConsistent();
            Geometry geometry = tier.cache.geometry;
            long capBytes = (long) geometry.segments() * geometry.segmentChunks() * geometry.chunkBytes();
            Path page = Path.of("target", "soak-" + name + ".html");
            Files.createDirectories(page.getParent());
            Files.writeString(page, SoakChart.page(taken, ENTRIES, capBytes));
            assertThat(taken).hasSize(samples).allMatch(sample -> sample.heldBytes() <= capBytes);
            assertDoesNotGrow("heap after a collection", taken, Soak.Sample::heapBytes);
            assertDoesNotGrow("resident bytes", taken, Soak.Sample::residentBytes);
            assertDoesNotGrow("bytes of the file", taken, Soak.Sample::fileBytes);
        }
    }

    private long fileBytes() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The most of the last quarter is at most the most of the second, and a margin. */
    private static void assertDoesNotGrow(String what, List<Soak.Sample> samples, ToLongFunction<Soak.Sample> value) {
        int quarter = samples.size() / 4;
        long second = samples.subList(quarter, 2 * quarter).stream()
                .mapToLong(value)
                .max()
                .orElseThrow();
        long last = samples.subList(3 * quarter, samples.size()).stream()
                .mapToLong(value)
                .max()
                .orElseThrow();
        assertThat(last).as(what).isLessThanOrEqualTo(second + MARGIN_BYTES);
    }
}
