package io.g2cache.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker (with its controller) in a child JVM, listening on loopback only. It can be killed, stopped and
 * started again on the same data and ports. All its files lie in one temporary directory, which {@link #close()} deletes.
 * The child ends when this JVM ends, however that happens.
 *
 * <p>Thread-safe: every method holds the monitor of the broker, and blocks for as long as it says.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);
    private static final String CLUSTER_ID = "ZzJjYWNoZS10ZXN0a2l0LQ";
    private static final int PORT_TRIES = 5;

    private final BrokerOptions options;
    private final @Nullable BrokerPlace given;
    private final @Nullable BrokerClasses givenClasses;
    private final Thread closeHook = new Thread(this::close, "g2cache-broker-close");
    private @Nullable Path directory;
    private @Nullable BrokerProcess process;
    private @Nullable TestCertificate certificate;
    private BrokerPlace place;
    private boolean closed;

    /**
     * A broker of a cluster where a place is given; otherwise one that is alone, and picks its ports itself. Without classes
     * it loads what all brokers load.
     */
    KafkaBroker(BrokerOptions options, @Nullable BrokerPlace given, @Nullable BrokerClasses givenClasses) {
        this.options = options;
        this.given = given;
        this.givenClasses = givenClasses;
        this.place = given == null ? BrokerPlace.alone() : given;
    }

    /** A builder with defaults that suit tests: one partition for internal topics, and a cleaner that runs at once. */
    public static KafkaBrokerBuilder builder() {
        return new KafkaBrokerBuilder();
    }

    /**
     * Starts the broker, and waits until it serves. The first call makes the directory; later ones, after
     * {@link #kill()} or {@link #stop()}, go on with it and with the same ports.
     *
     * @return this broker
     * @throws IllegalStateException if it runs already, is closed, ends, or does not serve in time; the message carries the
     *     end of the broker's log
     */
    public synchronized KafkaBroker start() {
        if (closed || isRunning()) {
            throw new IllegalStateException("broker cannot start, closed=" + closed + ", running=" + isRunning());
        }
        boolean mayMove = given == null && directory == null;
        for (int i = 1; ; i++) {
            try {
                launch();
                return this;
            } catch (IllegalStateException e) {
                if (!mayMove || !isPortTaken(e) || i == PORT_TRIES) {
                    throw e;
                }
                LOG.warn("a port was taken by somebody else, trying others, place={}", place);
                deleteDirectory();
                place = BrokerPlace.alone();
            }
        }
    }

    static boolean isPortTaken(IllegalStateException e) {
        return String.valueOf(e.getMessage()).contains("Address already in use");
    }

    private void launch() {
        try {
            BrokerClasses classes = givenClasses != null ? givenClasses : BrokerArchive.classes();
            Path home = directory;
            if (home == null) {
                home = Files.createTempDirectory("g2cache-kafka-");
                directory = home;
                writeProperties(home);
                Runtime.getRuntime().addShutdownHook(closeHook);
            }
            Path ready = home.resolve("ready");
            Files.deleteIfExists(ready);
            BrokerProcess started = BrokerProcess.start(home, ready, CLUSTER_ID, classes);
            process = started;
            awaitReady(started, ready);
        } catch (IOException e) {
            throw new UncheckedIOException("broker could not be started, directory=" + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting the broker, directory=" + directory, e);
        }
    }

    private void awaitReady(BrokerProcess started, Path ready) throws InterruptedException {
        boolean serves = false;
        try {
            started.awaitReady(ready, options.startTimeout());
            serves = true;
        } finally {
            if (!serves) {
                started.kill();
            }
        }
    }

    private void writeProperties(Path home) throws IOException, InterruptedException {
        certificate = options.users().isEmpty() ? null : TestCertificate.create(home.resolve("tls"));
        Properties properties = BrokerProperties.of(home.resolve("data"), place, options, certificate);
        try (Writer out = Files.newBufferedWriter(home.resolve("server.properties"), StandardCharsets.UTF_8)) {
            properties.store(out, null);
        }
    }

    /** Addresses for {@code bootstrap.servers}. */
    public synchronized String bootstrapServers() {
        requireStarted();
        return "127.0.0.1:" + place.port();
    }

    /**
     * Addresses of the secured listener.
     *
     * @throws IllegalStateException if the builder was given no user
     */
    public synchronized String securedBootstrapServers() {
        requireCertificate();
        return "127.0.0.1:" + place.securedPort();
    }

    /**
     * What a client needs to come by the secured listener under a name and a password, which need not be right.
     *
     * @throws IllegalStateException if the builder was given no user
     */
    public synchronized Map<String, String> clientProperties(String user, String password) {
        return BrokerSecurity.clientProperties(user, password, requireCertificate());
    }

    private TestCertificate requireCertificate() {
        requireStarted();
        TestCertificate own = certificate;
        if (own == null) {
            throw new IllegalStateException("the broker was built without users");
        }
        return own;
    }

    /**
     * Loopback port of the second listener, which the proxy forwards to.
     *
     * @throws IllegalStateException if the builder was given no proxy port
     */
    public synchronized int proxiedPort() {
        return proxiedPort(0);
    }

    /**
     * Loopback port that the proxy with this index, from 0, forwards to.
     *
     * @throws IllegalStateException if the builder was not given so many proxy ports
     */
    public synchronized int proxiedPort(int index) {
        requireStarted();
        if (index >= options.proxyPorts().size()) {
            throw new IllegalStateException(
                    "the broker was built with proxyPorts=" + options.proxyPorts() + ", there is no index=" + index);
        }
        return place.proxiedPorts().get(index);
    }

    /** Number of the broker in its cluster, from 1. */
    public int nodeId() {
        return given == null ? 1 : given.nodeId();
    }

    /** Process id of the running broker. */
    public synchronized long pid() {
        return running().pid();
    }

    /** Whether the process exists; it may be stopped. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Whether it was started at all, and is not closed. */
    synchronized boolean wasStarted() {
        return directory != null;
    }

    /** The temporary directory with all files of the broker. */
    public synchronized Path directory() {
        return requireStarted();
    }

    /** The last lines of the broker's log. */
    public synchronized String logTail() {
        return Directories.tail(requireStarted().resolve("broker.log"));
    }

    /** Ends the broker with SIGKILL, and waits until it is gone. Does nothing where it does not run. */
    public synchronized void kill() {
        try {
            if (process != null) {
                process.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while killing the broker", e);
        }
    }

    /**
     * Ends the broker with SIGTERM, so that it hands its partitions over before it goes, and waits until it is gone; kills it
     * after 30 seconds. Does nothing where it does not run. It must not be suspended.
     */
    public synchronized void stop() {
        try {
            if (process != null) {
                process.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping the broker", e);
        }
    }

    /** Kills the broker where it runs, and starts it on the same directory and ports; see {@link #start()}. */
    public synchronized void restart() {
        requireStarted();
        kill();
        start();
    }

    /** Stops the broker with SIGSTOP: connections stay open, nothing answers. Needs a POSIX shell. */
    public synchronized void suspend() {
        try {
            running().suspend();
        } catch (IOException e) {
            throw new UncheckedIOException("broker could not be suspended", e);
        }
    }

    /** Lets a suspended broker go on. */
    public synchronized void resume() {
        try {
            running().resume();
        } catch (IOException e) {
            throw new UncheckedIOException("broker could not be resumed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while resuming the broker", e);
        }
    }

    private BrokerProcess running() {
        BrokerProcess running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("broker is not running");
        }
        return running;
    }

    private Path requireStarted() {
        Path home = directory;
        if (home == null) {
            throw new IllegalStateException("broker was not started, or is closed");
        }
        return home;
    }

    /** Ends the process and deletes its directory. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        kill();
        deleteDirectory();
    }

    private void deleteDirectory() {
        Path home = directory;
        if (home == null) {
            return;
        }
        directory = null;
        try {
            Runtime.getRuntime().removeShutdownHook(closeHook);
        } catch (IllegalStateException e) {
            LOG.debug("closing while the JVM shuts down");
        }
        try {
            Directories.delete(home);
        } catch (IOException e) {
            LOG.warn("could not delete directory={}", home, e);
        }
    }
}
