package io.g2cache.audit.server;

import io.g2cache.G2Node;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds an {@link AuditServer}. Every setter fails fast. Not thread-safe. */
public final class AuditServerBuilder {
    private static final int LEAST_TOKEN = 16;
    private static final int MOST_TOKEN = 256;

    private final G2Node node;
    private int port;
    private InetAddress address = InetAddress.getLoopbackAddress();
    private @Nullable String token;
    private Duration requestTimeout = Duration.ofSeconds(5);
    private int maximumConnections = 8;

    AuditServerBuilder(G2Node node) {
        this.node = node;
    }

    /** The port; 0, as by default, for a free one. */
    public AuditServerBuilder port(int value) {
        if (value < 0 || value > 0xFFFF) {
            throw new IllegalArgumentException("port=" + value + " must be from 0 to 65535");
        }
        port = value;
        return this;
    }

    /**
     * The address to listen on; the loopback interface by default. Any other needs a {@link #token}.
     *
     * @throws IllegalArgumentException if the name has no address
     */
    public AuditServerBuilder address(String host) {
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address=" + host + " is not known", e);
        }
        return this;
    }

    /**
     * What every request must begin with: 16 to 256 printable ASCII characters without spaces. It is sent in clear text, so
     * that it keeps out who is on the network by mistake, not who listens to it.
     */
    public AuditServerBuilder token(String value) {
        if (value.length() < LEAST_TOKEN
                || value.length() > MOST_TOKEN
                || !value.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("token has characters=" + value.length() + "; it must have "
                    + LEAST_TOKEN + " to " + MOST_TOKEN + " printable ASCII characters without spaces");
        }
        token = value;
        return this;
    }

    /**
     * How long a request may take to arrive, and its answer to be found and taken; 100 ms to 1 minute, 5 s by default. The
     * first request of a connection must arrive within 2 s in any case.
     */
    public AuditServerBuilder requestTimeout(Duration value) {
        if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("requestTimeout=" + value + " must be from PT0.1S to PT1M");
        }
        requestTimeout = value;
        return this;
    }

    /** How many connections are served at once; others are closed. 1 to 64, 8 by default; each has a thread. */
    public AuditServerBuilder maximumConnections(int value) {
        if (value < 1 || value > 64) {
            throw new IllegalArgumentException("maximumConnections=" + value + " must be from 1 to 64");
        }
        maximumConnections = value;
        return this;
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalStateException if the address is not a loopback one and there is no token
     * @throws UncheckedIOException if the port cannot be bound
     */
    public AuditServer start() {
        if (!address.isLoopbackAddress() && token == null) {
            throw new IllegalStateException(
                    "address=" + address.getHostAddress() + " is no loopback address, which needs a token");
        }
        byte[] secret = token == null ? null : token.getBytes(StandardCharsets.US_ASCII);
        try {
            return AuditServer.start(
                    new Answers(node, secret, TimeSource.SYSTEM),
                    new ServerSocket(),
                    new InetSocketAddress(address, port),
                    requestTimeout,
                    maximumConnections);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the audit server cannot listen on " + address.getHostAddress() + ":" + port + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
