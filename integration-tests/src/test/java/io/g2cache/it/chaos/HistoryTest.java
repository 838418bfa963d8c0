package io.g2cache.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Operation FIRST = new Operation(1, 2, Kind.PUT, 3, 4, 5, 6, 7, 0, Outcome.QUEUED);
    private static final Operation SECOND = new Operation(2, 1, Kind.TOKEN_READ, 3, 5, 5, 9, 8, 8, Outcome.OK);
    private static final Sample SAMPLE = new Sample(1, 2, 3, "STALE", 4, 5, 6, 7, 8, 9, 10, 11, 12);

    @TempDir
    Path directory;

    @Test
    void whatWasWrittenIsReadInTheOrderOfItsTime() throws IOException {
        try (HistoryWriter one = new HistoryWriter(directory.resolve("one" + History.SUFFIX));
                HistoryWriter two = new HistoryWriter(directory.resolve("two" + History.SUFFIX))) {
            one.write(SECOND);
            one.write(SAMPLE);
            two.write(FIRST);
        }
        History history = History.read(directory);
        assertThat(history.operations()).containsExactly(FIRST, SECOND);
        assertThat(history.samples()).containsExactly(SAMPLE);
    }

    @Test
    void aLineThatAKillHasTornIsLeftOut() throws IOException {
        Path file = directory.resolve("torn" + History.SUFFIX);
        try (HistoryWriter writer = new HistoryWriter(file)) {
            writer.write(FIRST);
        }
        Files.writeString(file, SECOND.line().substring(0, 12), StandardOpenOption.APPEND);
        assertThat(History.read(directory).operations()).containsExactly(FIRST);
    }

    @Test
    void anyOtherLineIsAMistake() throws IOException {
        Path file = directory.resolve("odd" + History.SUFFIX);
        Files.writeString(file, "odd\t1\n");
        assertThatThrownBy(() -> History.read(directory)).hasMessageContaining("tag=odd");
    }
}
