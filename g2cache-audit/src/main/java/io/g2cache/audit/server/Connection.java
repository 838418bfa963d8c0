package io.g2cache.audit.server;

import io.g2cache.spi.TimeSource;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller: a line asks, a line answers, until the caller goes. A request, its answer included, has a deadline, at which
 * another thread closes the socket and so ends whatever this one waits for. Who has not asked anything yet is given less time.
 */
final class Connection implements AutoCloseable {
    /** Largest request in bytes. */
    static final int MAXIMUM_REQUEST = 1 << 16;

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Socket socket;
    private final Answers answers;
    private final TimeSource time;
    private final long timeoutNanos;
    private volatile long deadlineNanos;

    Connection(Socket socket, Answers answers, Duration requestTimeout, TimeSource time) {
        this.socket = socket;
        this.answers = answers;
        this.time = time;
        this.timeoutNanos = requestTimeout.toNanos();
        this.deadlineNanos = time.monotonicNanos() + Math.min(FIRST_NANOS, timeoutNanos);
    }

    void run() {
        try (InputStream input = new BufferedInputStream(socket.getInputStream())) {
            socket.setTcpNoDelay(true);
            boolean goesOn = true;
            while (goesOn) {
                long begunNanos = time.monotonicNanos();
                String request = line(input);
                if (request == null) {
                    return;
                }
                long untilNanos = begunNanos + timeoutNanos;
                deadlineNanos = untilNanos;
                Answer answer = answers.to(request, untilNanos);
                socket.getOutputStream().write((answer.text() + "\n").getBytes(StandardCharsets.UTF_8));
                goesOn = answer.goesOn();
                deadlineNanos = time.monotonicNanos() + timeoutNanos;
            }
        } catch (IOException e) {
            LOG.debug("an audit connection ended", e);
        }
    }

    /** The next line without its end; null where the caller has gone. One that is too long is cut, and refused as malformed. */
    private static @Nullable String line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() <= MAXIMUM_REQUEST) {
            int next = input.read();
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            line.write(next);
        }
        return "";
    }

    void closeIfOverdue() {
        if (time.monotonicNanos() - deadlineNanos >= 0) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("an audit connection did not close", e);
        }
    }
}
