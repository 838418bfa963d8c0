package io.g2cache.example.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's HTTP server, bound to the loopback interface. Whatever a handler throws becomes an answer in JSON: the
 * caller never sees a stack trace.
 *
 * <p>Thread-safe. A fixed number of daemon threads call the handlers, which may block.
 */
public final class ApiServer implements AutoCloseable {
    /** Largest body in bytes. */
    public static final int MAXIMUM_BODY = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int THREADS = 8;
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads;

    private ApiServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts a server.
     *
     * @param port the port, 0 for a free one
     * @param router finds the handlers
     * @param translate turns what a handler threw into an answer; empty means 500
     * @throws IOException if the port cannot be bound
     */
    public static ApiServer start(int port, Router router, Function<Exception, Optional<Reply>> translate)
            throws IOException {
        // Read once by the JDK's server: answer at once, and do not wait for ever for a slow caller.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "60");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                send(exchange, answer(exchange, router, translate));
            }
        });
        server.start();
        return new ApiServer(server, threads);
    }

    private static Reply answer(HttpExchange exchange, Router router, Function<Exception, Optional<Reply>> translate)
            throws IOException {
        try {
            return router.handle(request(exchange));
        } catch (BadRequestException e) {
            return Reply.error(e.status(), message(e));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return translate.apply(e).orElseGet(() -> {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                return Reply.error(500, "internal error: " + e.getClass().getSimpleName());
            });
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static Request request(HttpExchange exchange) throws IOException {
        byte[] body;
        try (InputStream input = exchange.getRequestBody()) {
            body = input.readNBytes(MAXIMUM_BODY + 1);
        }
        if (body.length > MAXIMUM_BODY) {
            throw new BadRequestException(413, "the body must not be above " + MAXIMUM_BODY + " bytes");
        }
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                name -> Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)),
                body);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean empty = reply.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), empty ? -1 : reply.body().length);
        if (!empty) {
            exchange.getResponseBody().write(reply.body());
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
