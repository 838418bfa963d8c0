package io.g2cache.audit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.g2cache.CacheSpec;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Requests of auditors: each is answered by one line of JSON, and an error ends the talk. */
class RequestsFuzzTest extends DecoderFuzz {
    private static final String TOKEN = "0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final G2Node node = G2Node.builder()
            .sync(new MemoryLog(new MemoryLog.Broker(2)))
            .out(new MemoryOut(new MemoryOut.Store()))
            .build();

    @AfterEach
    void close() {
        node.close();
    }

    @Override
    protected List<Fuzz> decoders() {
        node.cache(CacheSpec.builder("cities", Codecs.string(), Codecs.string()).build())
                .put("ulm", "a secret value");
        Answers open = new Answers(node, null, TimeSource.SYSTEM);
        Answers closed = new Answers(node, TOKEN.getBytes(StandardCharsets.US_ASCII), TimeSource.SYSTEM);
        return List.of(requests("audit requests", open, "-"), requests("audit requests with a token", closed, TOKEN));
    }

    private static Fuzz requests(String name, Answers answers, String token) {
        List<byte[]> good = Stream.of(
                        "node", "sample cities 5", "key cities 756c6d", "look cities 756c6d,626f6e6e", "look cities 00")
                .map(command -> ("g2audit/1 " + token + " " + command).getBytes(StandardCharsets.UTF_8))
                .toList();
        return Fuzz.of(name, good, bytes -> {
                    String request = new String(bytes, StandardCharsets.UTF_8);
                    Answer answer =
                            answers.to(request, TimeSource.SYSTEM.monotonicNanos() + TimeUnit.SECONDS.toNanos(20));
                    assertThat(answer.text()).doesNotContain("\n").doesNotContain("secret");
                    JsonNode json = JSON.readTree(answer.text());
                    assertThat(json.has("error")).isNotEqualTo(answer.goesOn());
                    assertThat(json.path("error").asText()).isNotEqualTo("failed");
                    assertThat(answer.goesOn() && !request.startsWith("g2audit/1 " + token + " "))
                            .as("answered without the token")
                            .isFalse();
                    return answer.goesOn();
                })
                .allocatingAtMost(256 << 10, 1_024);
    }
}
