package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.example.http.Json;
import io.g2cache.example.node.NodeStatics;
import io.g2cache.testkit.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is shown of a node that catches up, on a terminal and in a file. */
class ProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final FakeTime time = new FakeTime(0);

    private Console console(boolean isTerminal) {
        return new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), isTerminal, time);
    }

    private String shown() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static String text(long done, long toDo, long millis) throws IOException {
        NodeStatics.Progress progress = new NodeStatics.Progress(done, toDo, millis, 0);
        return CatchUpLine.text("B", Json.tree(Json.bytes(progress)));
    }

    @Test
    void theTextHasEventsDoneToDoRateAndTimeLeft() throws Exception {
        assertThat(text(500, 1_500, 1_000))
                .startsWith("B  catching up, events: [#")
                .endsWith("]  25 %  500/2,000  500/s  3s left");
        assertThat(text(2_000, 0, 1_000)).endsWith("] 100 %  2,000/2,000  2,000/s  done in 1s");
    }

    @Test
    void aTerminalShowsOneLineThatChangesBelowAllOthers() {
        Console console = console(true);
        console.progress("half");
        console.progress("3/4");
        console.line("other");
        console.progressEnds("all");
        assertThat(shown())
                .isEqualTo("\r   0.0 s  half" + "\r   0.0 s  3/4 " + "\r             \r   0.0 s  other\n"
                        + "\r   0.0 s  3/4" + "\r             \r   0.0 s  all\n");
    }

    @Test
    void elsewhereThereIsALineEveryFewSeconds() {
        Console console = console(false);
        for (int i = 1; i <= 70; i++) {
            time.advance(Duration.ofMillis(100));
            console.progress("step " + i);
        }
        console.progressEnds("all");
        assertThat(shown()).isEqualTo("   3.0 s  step 30\n   6.0 s  step 60\n   7.0 s  all\n");
    }

    @Test
    void nothingIsShownOnceTheUserHasEndedTheDemo() {
        Console console = console(true);
        console.silence();
        console.progress("half");
        console.progressEnds("all");
        assertThat(shown()).isEmpty();
    }
}
