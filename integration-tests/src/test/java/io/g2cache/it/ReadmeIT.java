package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.it.EmbeddingExample.City;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README shows compiles, runs, and says what it should. */
class ReadmeIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @Test
    void theExampleOfTheReadmeIsTheOneThatIsCompiled() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String source = Files.readString(Path.of("src/test/java/io/g2cache/it/EmbeddingExample.java"));
        String shown = between(readme, "```java\n", "```");
        assertThat(flat(shown)).isEqualTo(flat(between(source, "// README begins\n", "// README ends")));
        assertThat(shown.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(22);
    }

    @Test
    void theExampleRuns() {
        AtomicInteger loads = new AtomicInteger();
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            EmbeddingExample.example(
                    BROKER.bootstrapServers(), id -> new City("Ulm", 100_000 + loads.incrementAndGet()));
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "City[name=Ulm, population=100001] City[name=Ulm, population=100002] CacheStats[cache=cities");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    /** Without the difference in indentation. */
    private static List<String> flat(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.toList());
    }
}
