package io.g2cache.bench.peers;

import io.g2cache.testkit.TcpProxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a peer has started: the proxies are cut together, and all is closed in the reverse order. Used by one thread. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<TcpProxy> proxies = new ArrayList<>();

    /** Remembers what is to be closed. */
    <T extends AutoCloseable> T add(T part) {
        started.push(part);
        return part;
    }

    /** A proxy without a target. */
    TcpProxy proxy() {
        TcpProxy proxy = add(TcpProxy.open());
        proxies.add(proxy);
        return proxy;
    }

    /** A proxy before this loopback port. */
    TcpProxy proxy(int port) {
        TcpProxy proxy = proxy();
        proxy.target(port);
        return proxy;
    }

    void cut() {
        proxies.forEach(TcpProxy::cut);
    }

    void heal() {
        proxies.forEach(TcpProxy::pass);
    }

    /** Lets connections pass, so that nothing waits for them, and closes; what does not close is logged. */
    @Override
    public void close() {
        heal();
        for (AutoCloseable part : started) {
            close(part);
        }
        started.clear();
    }

    @SuppressWarnings("try") // the interrupted status is set again
    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("a part did not close, part={}", part, e);
        }
    }
}
