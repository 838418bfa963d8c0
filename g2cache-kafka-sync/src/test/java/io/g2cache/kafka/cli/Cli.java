package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.g2cache.spi.TimeSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Runs commands in this JVM, as {@link Main} does, and keeps what they print. */
final class Cli {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Cli() {}

    /** How a command ended. */
    record Result(int status, String out, String err) {
        Result ok() {
            assertThat(status).as(out + err).isZero();
            return this;
        }

        /** Failed with one line, which is no stack trace. */
        Result failed(int expected, String... parts) {
            assertThat(status).as(out + err).isEqualTo(expected);
            assertThat(err).contains(parts);
            assertThat(err.lines()).as(err).hasSize(1);
            assertThat(err).doesNotContain("\tat ").doesNotContain("unexpected");
            assertThat(out).isEmpty();
            return this;
        }

        JsonNode json() {
            return parsed(ok().out);
        }

        List<JsonNode> jsonLines() {
            return ok().out.lines().map(Cli::parsed).toList();
        }
    }

    static JsonNode parsed(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    static Result run(String... args) {
        return run(new Stop(), args);
    }

    static Result run(Stop stop, String... args) {
        return run(new StringWriter(), stop, args);
    }

    /** Its output can be looked at while it runs. */
    static Result run(StringWriter out, Stop stop, String... args) {
        StringWriter err = new StringWriter();
        Session session = new Session(new PrintWriter(out), new PrintWriter(err), TimeSource.SYSTEM, false, stop);
        int status = LogCommand.run(session, args);
        return new Result(status, out.toString(), err.toString());
    }
}
