package io.g2cache.audit.server;

import io.g2cache.G2Node;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets auditors such as {@code bin/g2cache audit} ask what a node's tiers hold: versions, deadlines and hashes, never values.
 * Nothing can be changed through it.
 *
 * <p>Concurrency: thread-safe. One daemon thread accepts, and each connection has one of its own, their number being limited.
 * The accepting thread also closes the sockets of connections whose time is up, so that neither a caller that sends nothing
 * nor one that takes nothing holds a thread for longer.
 */
public final class AuditServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditServer.class);
    private static final int ACCEPT_MILLIS = 100;
    private static final long JOIN_MILLIS = 2_000;

    private final Answers answers;
    private final Duration requestTimeout;
    private final int maximumConnections;
    private final ServerSocket listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private volatile boolean closed;

    AuditServer(Answers answers, InetAddress address, int port, Duration requestTimeout, int maximumConnections)
            throws IOException {
        this.answers = answers;
        this.requestTimeout = requestTimeout;
        this.maximumConnections = maximumConnections;
        listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(address, port), maximumConnections);
            listener.setSoTimeout(ACCEPT_MILLIS);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        acceptor = thread("g2cache-audit-accept", this::accept);
        acceptor.start();
        LOG.info("audit queries are answered on {}:{}", address.getHostAddress(), port());
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
        while (!closed) {
            try {
                serve(listener.accept());
            } catch (SocketTimeoutException e) {
                LOG.trace("nobody calls", e);
            } catch (IOException e) {
                if (!closed) {
                    LOG.warn("audit server on port={} cannot accept", port(), e);
                    closeQuietly();
                }
            }
            connections.forEach(Connection::closeIfOverdue);
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
        thread("g2cache-audit-" + socket.getPort(), () -> {
                    try (connection) {
                        connection.run();
                    } finally {
                        connections.remove(connection);
                    }
                })
                .start();
    }

    private void closeQuietly() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("the listener did not close", e);
        }
        connections.forEach(Connection::close);
    }

    /** Ends every connection; waits at most two seconds. Idempotent. */
    @Override
    public void close() {
        closeQuietly();
        try {
            acceptor.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
