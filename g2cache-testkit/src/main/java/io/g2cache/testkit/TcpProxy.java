package io.g2cache.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on loopback that misbehaves on demand: it delays what it forwards, hangs (connections stay open, nothing
 * passes), swallows (requests pass, answers are lost), or cuts (connections are reset, new ones are reset at once). Its own
 * port stays taken until it is closed.
 *
 * <p>Thread-safe. One thread accepts, two forward for each connection, all daemons. The lock guards mode and delay; a
 * forwarding thread waits on the condition, so that each change and {@link #close()} reach it at once.
 */
public final class TcpProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int JOIN_MILLIS = 2_000;

    private enum Mode {
        PASS,
        HANG,
        SWALLOW,
        CUT,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;
    private volatile @Nullable InetSocketAddress target;
    private Mode mode = Mode.PASS;
    private long delayNanos;

    private TcpProxy(ServerSocket server) {
        this.server = server;
    }

    /** Opens a proxy on a free loopback port. Connections are reset until it has a target. */
    public static TcpProxy open() {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(server);
            proxy.start("g2cache-proxy-accept", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("proxy could not be opened", e);
        }
    }

    /** Port to connect to. */
    public int port() {
        return server.getLocalPort();
    }

    /** Forwards new connections to this loopback port. */
    public void target(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Forwards what arrives after this long, in both directions; zero forwards at once. Ends a hang or a cut. */
    public void delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay=" + delay + " must not be negative");
        }
        change(Mode.PASS, delay.toNanos());
    }

    /** Forwards at once again. */
    public void pass() {
        change(Mode.PASS, 0);
    }

    /** Keeps connections open, takes new ones, and forwards nothing until the mode changes; nothing is lost. */
    public void hang() {
        change(Mode.HANG, 0);
    }

    /** Forwards what clients send, and loses what comes back, until the mode changes; the stream of answers has a hole then. */
    public void swallowAnswers() {
        change(Mode.SWALLOW, 0);
    }

    /** Resets all connections, and new ones as they come, until the mode changes. */
    public void cut() {
        change(Mode.CUT, 0);
        sockets.forEach(this::reset);
    }

    private void change(Mode next, long nanos) {
        lock.lock();
        try {
            if (mode != Mode.CLOSED) {
                mode = next;
                delayNanos = nanos;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void start(String name, Runnable body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                if (isCut()) {
                    reset(client);
                } else {
                    start("g2cache-proxy-connect", () -> connect(client));
                }
            } catch (SocketException e) {
                LOG.debug("proxy stopped accepting, port={}: {}", port(), e.getMessage());
            } catch (IOException e) {
                LOG.warn("proxy could not accept, port={}", port(), e);
            }
        }
    }

    private boolean isCut() {
        lock.lock();
        try {
            return mode == Mode.CUT || mode == Mode.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    private void connect(Socket client) {
        InetSocketAddress to = target;
        Socket upstream = new Socket();
        sockets.add(upstream);
        try {
            if (to == null) {
                throw new IOException("the proxy has no target yet");
            }
            upstream.connect(to, CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
        } catch (IOException e) {
            LOG.debug("proxy could not reach target={}: {}", to, e.getMessage());
            reset(client);
            reset(upstream);
            return;
        }
        if (isCut()) {
            reset(client);
            reset(upstream);
            return;
        }
        start("g2cache-proxy-down", () -> forward(upstream, client, true));
        forward(client, upstream, false);
    }

    private void forward(Socket from, Socket to, boolean isAnswer) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!awaitLeave()) {
                    break;
                }
                if (!isAnswer || !isSwallowed()) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            LOG.debug("proxied connection ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private boolean isSwallowed() {
        lock.lock();
        try {
            return mode == Mode.SWALLOW;
        } finally {
            lock.unlock();
        }
    }

    /** Waits as delay and hang demand; false where the bytes are not to be forwarded. */
    private boolean awaitLeave() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = delayNanos;
            while (mode == Mode.HANG || (mode == Mode.PASS && left > 0)) {
                if (mode == Mode.HANG) {
                    // woken by every change; the bound only guards against a test that forgets the proxy
                    if (!changed.await(1, TimeUnit.HOURS)) {
                        return false;
                    }
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return mode == Mode.PASS || mode == Mode.SWALLOW;
        } finally {
            lock.unlock();
        }
    }

    /** Closing with linger zero sends RST. */
    private void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            LOG.debug("connection was closed already: {}", e.getMessage());
        }
        close(socket);
    }

    private void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("connection did not close: {}", e.getMessage());
        }
        if (socket instanceof Socket closed) {
            sockets.remove(closed);
        }
    }

    /** Closes port and connections and waits up to two seconds for each thread. Idempotent. */
    @Override
    public void close() {
        change(Mode.CLOSED, 0);
        close(server);
        sockets.forEach(this::reset);
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
