package io.g2cache.audit.server;

import io.g2cache.G2Node;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets auditors such as {@code bin/g2cache audit} ask what a node's tiers hold: versions, deadlines and hashes, never values.
 * Nothing can be changed through it.
 *
 * <p>Concurrency: thread-safe. One daemon thread accepts, and each connection has one of its own, their number being limited.
 * The accepting thread also closes the sockets of connections whose time is up, so that neither a caller that sends nothing
 * nor one that takes nothing holds a thread for longer. It goes on after every failure until the server is closed; a connection
 * that it accepts meanwhile is closed by it or by the closing thread.
 */
public final class AuditServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditServer.class);
    private static final int ACCEPT_MILLIS = 100;
    private static final long JOIN_MILLIS = 2_000;

    private final Answers answers;
    private final Warnings warnings = new Warnings(TimeSource.SYSTEM);
    private final Duration requestTimeout;
    private final int maximumConnections;
    private final ServerSocket listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private final CountDownLatch closing = new CountDownLatch(1);

    private AuditServer(Answers answers, ServerSocket listener, Duration requestTimeout, int maximumConnections) {
        this.answers = answers;
        this.listener = listener;
        this.requestTimeout = requestTimeout;
        this.maximumConnections = maximumConnections;
        acceptor = thread("g2cache-audit-accept", this::accept);
    }

    /** Binds the listener, which is closed if that fails, and starts to serve. */
    static AuditServer start(
            Answers answers,
            ServerSocket listener,
            InetSocketAddress address,
            Duration requestTimeout,
            int maximumConnections)
            throws IOException {
        try {
            listener.setReuseAddress(true);
            listener.bind(address, maximumConnections);
            listener.setSoTimeout(ACCEPT_MILLIS);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        AuditServer server = new AuditServer(answers, listener, requestTimeout, maximumConnections);
        server.acceptor.start();
        LOG.info("audit queries are answered on {}", listener.getLocalSocketAddress());
        return server;
    }

    /** A builder of a server for a node, which does not close it: it is to be closed before the node. */
    public static AuditServerBuilder of(G2Node node) {
        return new AuditServerBuilder(node);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.getLocalPort();
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!isClosing()) {
            try {
                acceptOne();
                connections.forEach(Connection::closeIfOverdue);
            } catch (Throwable e) {
                if (!isClosing()) {
                    warnings.warn("audit server on port=" + port() + " could not serve a caller and goes on", e);
                    pause();
                }
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void acceptOne() throws IOException {
        try {
            serve(listener.accept());
        } catch (SocketTimeoutException e) {
            LOG.trace("nobody calls", e);
        }
    }

    /** A failure may last: descriptors or memory are short. */
    private void pause() {
        try {
            var unused = closing.await(ACCEPT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("the pause after a failure was cut short", e);
        }
    }

    private void serve(Socket socket) {
        Connection connection = new Connection(socket, answers, requestTimeout, TimeSource.SYSTEM);
        if (connections.size() >= maximumConnections) {
            LOG.debug("audit server refuses a connection, connections={}", maximumConnections);
            connection.close();
            return;
        }
        connections.add(connection);
        boolean started = false;
        try {
            if (!isClosing()) {
                thread("g2cache-audit-" + socket.getPort(), () -> run(connection))
                        .start();
                started = true;
            }
        } finally {
            if (!started) {
                end(connection);
            }
        }
    }

    private void run(Connection connection) {
        try {
            connection.run();
        } finally {
            end(connection);
        }
    }

    private void end(Connection connection) {
        connections.remove(connection);
        connection.close();
    }

    /** Ends every connection; waits at most two seconds. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("the listener did not close", e);
        }
        connections.forEach(Connection::close);
        try {
            acceptor.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(Connection::close);
    }
}
