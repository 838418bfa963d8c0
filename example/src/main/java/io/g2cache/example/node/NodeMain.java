package io.g2cache.example.node;

import io.g2cache.example.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of one node. Reads its {@link NodeOptions} as one line of JSON, writes {@link #READY} when it serves, and
 * ends when its standard input does: then whoever started it is gone, or wants it to go.
 */
public final class NodeMain {
    /** What it writes as a line of its own when it serves. */
    public static final String READY = "READY";

    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);
    private static final int EXIT_SECONDS = 6;

    private NodeMain() {}

    /** Runs a node. Takes no arguments. */
    @SuppressWarnings("SystemOut") // the pipe to the process that started this one
    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = input.readLine();
        if (line == null) {
            System.exit(2);
            return;
        }
        NodeOptions options = Json.read(line.getBytes(StandardCharsets.UTF_8), NodeOptions.class);
        exitAtEndOf(input);
        try {
            CityNode node = CityNode.start(options);
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-close"));
            System.out.println(READY);
            System.out.flush();
        } catch (Exception e) {
            LOG.error("{} cannot start", options, e);
            System.exit(1);
        }
    }

    private static void exitAtEndOf(BufferedReader input) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        input.transferTo(Writer.nullWriter());
                    } catch (IOException e) {
                        LOG.debug("standard input failed, which ends this node too", e);
                    }
                    haltLater();
                    System.exit(0);
                },
                "parent-watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Ends the process even where closing hangs. */
    private static void haltLater() {
        Thread halt = new Thread(
                () -> {
                    try {
                        TimeUnit.SECONDS.sleep(EXIT_SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(3);
                },
                "halt");
        halt.setDaemon(true);
        halt.start();
    }
}
