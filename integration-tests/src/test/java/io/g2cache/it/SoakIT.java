package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.hazelcast.StockServer;
import io.g2cache.it.chart.Chart;
import io.g2cache.it.chart.ChartPage;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with a steady load in which one node stays and another is closed and built again all the time, beside a process that
 * is killed as often: threads, heap, off-heap memory, files and open files stay what they were.
 */
class SoakIT {
    private static final long MEGABYTE = 1 << 20;
    private static final List<Trend<Gauges>> FLAT = List.of(
            new Trend<>("threads", Gauges::threads, 0, 3),
            new Trend<>("heap", Gauges::heapBytes, 0.05, 10 * MEGABYTE),
            new Trend<>("buffers", Gauges::bufferBytes, 0.05, 4 * MEGABYTE),
            new Trend<>("off-heap", Gauges::offHeapBytes, 0, 0),
            new Trend<>("resident", Gauges::residentBytes, 0.10, 16 * MEGABYTE),
            new Trend<>("open files", Gauges::openFiles, 0, 4),
            new Trend<>("mappings", Gauges::mappings, 0.05, 20),
            new Trend<>("bytes of files", Gauges::fileBytes, 0.02, MEGABYTE / 4),
            new Trend<>("files", Gauges::files, 0, 0));

    private static final Trend<Long> KILLED =
            new Trend<>("bytes of files of a process that is killed", Long::longValue, 0.02, MEGABYTE / 4);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @TempDir
    Path directory;

    private final String name = "soak-" + UUID.randomUUID();
    private final int port = Rig.freePort();

    @Test
    @Timeout(180)
    void nothingGrowsOverFifteenRestarts() throws Exception {
        run(Duration.ofMillis(500), 15, false);
    }

    @Test
    @Tag("nightly")
    @Timeout(5_400)
    void nothingGrowsInAnHourWithARestartEveryMinute() throws Exception {
        run(Duration.ofMinutes(1), 60, true);
    }

    private void run(Duration every, int restarts, boolean kills) throws Exception {
        List<Gauges> samples = new ArrayList<>();
        List<Long> killed = new ArrayList<>();
        List<StockServer> servers = StockServer.cluster(name, "", port);
        try (Program steady = start("steady")) {
            for (int i = 0; i < restarts; i++) {
                if (kills) {
                    killed.add(bytesLeftByAKilledOne(every));
                } else {
                    TimeUnit.NANOSECONDS.sleep(every.toNanos());
                }
                String[] said = steady.restart();
                samples.add(Gauges.parse(said[0]));
                assertThat(said).as("restart=%s", i).contains("failures=0", "cold=0", "differences=0");
                assertThat(said[1]).as("restart=%s", i).isNotEqualTo("operations=0");
            }
        } finally {
            servers.forEach(StockServer::close);
            write(samples);
        }
        assertThat(FLAT.stream().map(trend -> trend.growth(samples)).filter(Objects::nonNull))
                .isEmpty();
        assertThat(kills ? KILLED.growth(killed) : null).isNull();
    }

    /** Runs and kills the other process, whose first node has been restarted once then and has found nothing wrong. */
    private long bytesLeftByAKilledOne(Duration after) throws IOException, InterruptedException {
        try (Program killed = start("killed")) {
            TimeUnit.NANOSECONDS.sleep(after.toNanos());
            assertThat(killed.restart()).contains("failures=0", "differences=0");
        }
        return Arrays.stream(Gauges.sizes(directory.resolve("killed"))).sum();
    }

    /** A soak's program, asked by lines and answering by lines. */
    private record Program(Child child) implements AutoCloseable {
        String[] restart() throws IOException, InterruptedException {
            child.say("restart");
            return child.line("a restart").split(" ");
        }

        @Override
        public void close() {
            child.close();
        }
    }

    private Program start(String program) throws IOException {
        return new Program(Child.start(
                SoakNode.class,
                BROKER.bootstrapServers(),
                name,
                String.valueOf(port),
                Files.createDirectories(directory.resolve(program)).toString()));
    }

    private static void write(List<Gauges> samples) throws IOException {
        if (samples.isEmpty()) {
            return;
        }
        Path table = Path.of("target", "soak.csv");
        Files.createDirectories(table.toAbsolutePath().getParent());
        Files.write(
                table,
                Stream.concat(Stream.of(Gauges.HEADER), samples.stream().map(Gauges::text))
                        .toList());
        ChartPage.write(
                "soak.html",
                "Soak: restarts=" + samples.size(),
                FLAT.stream().map(trend -> chart(trend, samples)).toList());
    }

    /** Each value holds until the next sample. */
    private static Chart chart(Trend<Gauges> trend, List<Gauges> samples) {
        int seconds = (int) samples.get(samples.size() - 1).seconds() + 1;
        double[] values = new double[seconds];
        Arrays.fill(values, Double.NaN);
        for (Gauges sample : samples) {
            Arrays.fill(values, (int) sample.seconds(), seconds, trend.value().applyAsLong(sample));
        }
        return new Chart(trend.what(), seconds, false, List.of()).line(trend.what(), "#1565c0", values);
    }
}
