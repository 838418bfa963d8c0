package io.g2cache.bench.sheet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetTest {
    private final Sheet sheet = new Sheet(
            "title",
            "method",
            "command",
            Map.of("java", "17", "cores", "2"),
            List.of(
                    new Reading("KAFKA", "all new max", 12.5, "ms", "n=1"),
                    new Reading("KAFKA", "failed reads", 3.0, "", ""),
                    new Reading("JETCACHE", "all new max", null, "ms", "never within 15 s; n=1")));

    @Test
    void isReadAsItWasWritten(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("deeper").resolve("sheet.json");
        assertThat(Sheet.read(file)).isEmpty();
        sheet.write(file);
        assertThat(Sheet.read(file)).contains(sheet);
    }

    @Test
    void theTableSaysWhatIsNotKnown() {
        assertThat(sheet.text().lines())
                .containsExactly(
                        "title",
                        "          all new max, ms         failed reads",
                        "KAFKA     12.5                    3.00",
                        "JETCACHE  never within 15 s; n=1");
    }

    @Test
    void theDocumentNamesMethodCommandAndEnvironment() {
        assertThat(sheet.markdown()).isEqualTo("""
                        method

                        |  | all new max, ms | failed reads |
                        |---|--:|--:|
                        | KAFKA | 12.5 | 3.00 |
                        | JETCACHE | never within 15 s; n=1 |  |

                        `command`

                        - cores: 2
                        - java: 17
                        """);
    }
}
