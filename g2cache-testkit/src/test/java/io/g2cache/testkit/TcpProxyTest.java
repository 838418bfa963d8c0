package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpProxyTest {
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "echo");
        thread.setDaemon(true);
        thread.start();
        proxy = TcpProxy.open();
        proxy.target(echo.getLocalPort());
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(() -> repeat(socket), "echo-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void repeat(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the other side is gone, which some tests want
        }
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void assertEchoes(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        assertThat(socket.getInputStream().read()).isEqualTo(value);
    }

    @Test
    void forwardsBothWays() throws IOException {
        try (Socket one = connect();
                Socket two = connect()) {
            assertEchoes(one, 1);
            assertEchoes(two, 2);
            assertEchoes(one, 3);
        }
    }

    @Test
    void delaysEachDirection() throws IOException {
        try (Socket socket = connect()) {
            assertEchoes(socket, 1);
            proxy.delay(Duration.ofMillis(100));
            long start = System.nanoTime();
            assertEchoes(socket, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void hangsWithoutLosingAnything() throws IOException {
        try (Socket socket = connect()) {
            assertEchoes(socket, 1);
            proxy.hang();
            socket.setSoTimeout(200);
            socket.getOutputStream().write(2);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(10_000);
            proxy.pass();
            assertThat(socket.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void cutsOldAndNewConnectionsUntilItPassesAgain() throws IOException {
        try (Socket socket = connect()) {
            assertEchoes(socket, 1);
            proxy.cut();
            assertEnds(socket);
            try (Socket later = connect()) {
                assertEnds(later);
            }
        }
        proxy.pass();
        try (Socket socket = connect()) {
            assertEchoes(socket, 2);
        }
    }

    private static void assertEnds(Socket socket) {
        int read;
        try {
            read = socket.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("connection is still open", e);
        } catch (IOException e) {
            read = -1;
        }
        assertThat(read).isEqualTo(-1);
    }

    @Test
    void closingEndsItsThreadsEvenWhileHanging() throws IOException {
        try (Socket socket = connect()) {
            assertEchoes(socket, 1);
            proxy.hang();
            socket.getOutputStream().write(2);
            proxy.close();
            proxy.close();
            assertEnds(socket);
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("g2cache-proxy")))
                .isEmpty();
    }
}
