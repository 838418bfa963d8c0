package io.g2cache.bench.peers;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A redis-server without persistence, as a child process on a free loopback port. It ends with this JVM, unless that is killed.
 * Thread-safe.
 */
final class RedisServer implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int CONNECT_MILLIS = 200;
    private static final int PAUSE_MILLIS = 20;
    private static final int STOP_SECONDS = 5;

    private final int port;
    private final Path directory;
    private final Process process;
    private final Thread closeHook = new Thread(this::end, "g2cache-bench-redis-close");

    private RedisServer(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /** The command, where it is installed. */
    static @Nullable Path command() {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(Pattern.quote(File.pathSeparator), -1)) {
            Path command = Path.of(folder, "redis-server");
            if (!folder.isEmpty() && Files.isExecutable(command)) {
                return command;
            }
        }
        return null;
    }

    /**
     * Starts a server, and waits until it listens.
     *
     * @throws IllegalStateException if redis-server is not installed, or does not listen within ten seconds
     */
    static RedisServer start() throws IOException, InterruptedException {
        Path command = command();
        if (command == null) {
            throw new IllegalStateException("redis-server is not on the PATH");
        }
        int port = Ports.free();
        Path directory = Files.createTempDirectory("g2cache-bench-redis-");
        Process process = new ProcessBuilder(
                        command.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        RedisServer server = new RedisServer(port, directory, process);
        Runtime.getRuntime().addShutdownHook(server.closeHook);
        boolean listens = false;
        try {
            server.awaitPort();
            listens = true;
        } finally {
            if (!listens) {
                server.close();
            }
        }
        return server;
    }

    private void awaitPort() throws InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (long start = System.nanoTime(); System.nanoTime() - start < START_NANOS; ) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException(
                            "redis-server ended, port=" + port + ", status=" + process.exitValue(), e);
                }
            }
        }
        throw new IllegalStateException("redis-server does not listen, port=" + port);
    }

    /** The loopback port. */
    int port() {
        return port;
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("redis directory is not empty, directory=" + directory, e);
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(closeHook);
    }
}
