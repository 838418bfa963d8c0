package io.g2cache.example.demo;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.example.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with one page, spoken to by its DevTools protocol. Used by one thread. */
final class Chromium implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final BlockingQueue<String> messages;
    private int calls;

    private Chromium(Process process, Path profile, WebSocket socket, BlockingQueue<String> messages) {
        this.process = process;
        this.profile = profile;
        this.socket = socket;
        this.messages = messages;
    }

    /** The browser of this machine. */
    static Path find() {
        for (String directory : System.getenv("PATH").split(java.io.File.pathSeparator)) {
            for (String name : NAMES) {
                Path candidate = Path.of(directory, name);
                if (Files.isExecutable(candidate)) {
                    return candidate;
                }
            }
        }
        throw new AssertionError("none of " + NAMES + " is on the PATH: install Chromium (.ci/run does), or leave this"
                + " test out with -Dg2cache.skipPage");
    }

    static Chromium open(String url) throws Exception {
        Path profile = Files.createTempDirectory("g2cache-chromium-");
        Process process = new ProcessBuilder(
                        find().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--window-size=1280,1000",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        url)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output.log").toFile())
                .start();
        try {
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            return new Chromium(process, profile, connect(profile, url, messages), messages);
        } catch (Exception | Error e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    private static WebSocket connect(Path profile, String url, BlockingQueue<String> messages) {
        Path portFile = profile.resolve("DevToolsActivePort");
        HttpClient http = HttpClient.newHttpClient();
        String address = await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(
                        () -> {
                            String port = Files.readAllLines(portFile).get(0);
                            HttpRequest list = HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port + "/json/list"))
                                    .timeout(TIMEOUT)
                                    .build();
                            String pages = http.send(list, HttpResponse.BodyHandlers.ofString())
                                    .body();
                            for (JsonNode page : Json.tree(pages.getBytes(StandardCharsets.UTF_8))) {
                                if (page.path("url").asText().startsWith(url)) {
                                    return page.path("webSocketDebuggerUrl").asText();
                                }
                            }
                            return "";
                        },
                        found -> !found.isEmpty());
        return http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener(messages))
                .join();
    }

    private record Listener(StringBuilder part, BlockingQueue<String> messages) implements WebSocket.Listener {
        Listener(BlockingQueue<String> messages) {
            this(new StringBuilder(), messages);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws IOException, InterruptedException {
        int id = ++calls;
        socket.sendText(Json.line(Map.of("id", id, "method", method, "params", parameters)), true);
        for (; ; ) {
            String message = messages.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException(method + " was not answered within " + TIMEOUT);
            }
            JsonNode answer = Json.tree(message.getBytes(StandardCharsets.UTF_8));
            if (answer.path("id").asInt() == id) {
                return answer.path("result");
            }
        }
    }

    /** The value of a JavaScript expression, as text. */
    String evaluate(String expression) throws IOException, InterruptedException {
        JsonNode result = call("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"));
        if (result.has("exceptionDetails")) {
            throw new IOException(expression + " threw " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value").asText();
    }

    /** Writes a picture of the page. */
    void screenshot(Path file) throws IOException, InterruptedException {
        String data = call("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        List<ProcessHandle> all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        await().atMost(TIMEOUT).until(() -> !process.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
