package io.g2cache.kafka.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The way to an audit server. Each question has a connection of its own, and a deadline for all of it, at which another thread
 * closes the socket, as does a command that is told to stop. Used by one thread.
 */
final class AuditSocket implements AuditNode.Line {
    private static final int MAXIMUM_ANSWER = 8 << 20;

    private final InetSocketAddress address;
    private final Duration timeout;
    private final Stop stop;

    AuditSocket(String address, Duration timeout, Stop stop) {
        this.address = parsed(address);
        this.timeout = timeout;
        this.stop = stop;
    }

    private static InetSocketAddress parsed(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= 0xFFFF) {
                return new InetSocketAddress(address.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw refused(address);
        }
        throw refused(address);
    }

    private static IllegalArgumentException refused(String address) {
        return new IllegalArgumentException("--node='" + address + "' must be HOST:PORT");
    }

    @Override
    public byte[] ask(String question) throws IOException {
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try (Socket socket = new Socket()) {
            CompletableFuture<Void> unused = late.thenRun(() -> close(socket));
            stop.waiting(() -> close(socket));
            if (stop.requested()) {
                throw new IOException("told to stop");
            }
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            socket.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
            return line(socket.getInputStream());
        } catch (IOException e) {
            if (late.getNow(false)) {
                SocketTimeoutException timedOut = new SocketTimeoutException("no whole answer within " + timeout);
                timedOut.addSuppressed(e);
                throw timedOut;
            }
            throw e;
        } finally {
            stop.waiting(null);
            late.cancel(false);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        while (line.size() < MAXIMUM_ANSWER) {
            int count = input.read(part);
            if (count < 0) {
                throw new IOException("the connection ended before the answer did, bytes=" + line.size());
            }
            line.write(part, 0, count);
            if (part[count - 1] == '\n') {
                return line.toByteArray();
            }
        }
        throw new IOException("the answer has more than bytes=" + MAXIMUM_ANSWER);
    }
}
