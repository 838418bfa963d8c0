package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that do not answer as they should cannot hold the command. */
@Timeout(60)
class AuditSocketTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Stop stop = new Stop();
    private final CountDownLatch over = new CountDownLatch(1);
    private ServerSocket server = unbound();

    @BeforeEach
    void listen() throws IOException {
        server.close();
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        server.close();
    }

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What a server does with its one caller. */
    @FunctionalInterface
    private interface Serves {
        void serve(Socket caller) throws Exception;
    }

    private void serve(Serves serves) {
        Thread thread = new Thread(
                () -> {
                    try (Socket caller = server.accept()) {
                        serves.serve(caller);
                    } catch (Exception e) {
                        over.countDown();
                    }
                },
                "server");
        thread.setDaemon(true);
        thread.start();
    }

    private AuditSocket socket(Duration timeout) {
        return new AuditSocket("127.0.0.1:" + server.getLocalPort(), timeout, stop);
    }

    @Test
    void givesTheLineThatAnswers() throws IOException {
        serve(caller -> caller.getOutputStream().write("answer\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(socket(NEVER).ask("question\n")).asString().isEqualTo("answer\n");
    }

    @Test
    void anAnswerThatDripsDoesNotLastLongerThanTheDeadline() {
        serve(caller -> {
            OutputStream output = caller.getOutputStream();
            while (!over.await(10, TimeUnit.MILLISECONDS)) {
                output.write(' ');
            }
        });
        assertThatThrownBy(() -> socket(SOON).ask("question\n")).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aQuestionThatIsNotTakenDoesNotLastLongerThanTheDeadline() {
        serve(caller -> over.await());
        assertThatThrownBy(() -> socket(SOON).ask("x".repeat(64 << 20))).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aCommandThatIsToldToStopDoesNotWaitForTheAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        serve(caller -> {
            var unused = caller.getInputStream().read();
            asked.countDown();
            over.await();
        });
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> {
            try {
                asked.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            stop.request();
        });
        assertThatThrownBy(() -> socket(NEVER).ask("question\n"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        stopping.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> socket(NEVER).ask("question\n")).hasMessage("told to stop");
    }
}
