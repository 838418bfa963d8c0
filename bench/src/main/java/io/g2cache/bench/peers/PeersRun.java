package io.g2cache.bench.peers;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Measures how soon a write is visible on another node, and what a lost connection does, for every peer that is possible
 * here. Prints tables, and writes {@code peers-visible.json} and {@code peers-stale.json}.
 */
public final class PeersRun {
    private static final int BAD_USAGE = 2;
    private static final List<String> LIBRARIES = List.of(
            "com.hazelcast.core.Hazelcast",
            "org.apache.kafka.clients.producer.KafkaProducer",
            "org.redisson.Redisson",
            "com.alicp.jetcache.Cache",
            "io.lettuce.core.RedisClient",
            "net.openhft.chronicle.map.ChronicleMap",
            "com.github.benmanes.caffeine.cache.Caffeine");

    private final PrintStream out;
    private final Path folder;
    private final String command;

    private PeersRun(PrintStream out, Path folder, String command) {
        this.out = out;
        this.folder = folder;
        this.command = command;
    }

    /** All rounds; takes about an hour where some peers never see the new values. */
    public static void run(PrintStream out, Path folder) throws Exception {
        new PeersRun(out, folder, PeersRun.class.getName() + " " + folder)
                .run(new VisibleRun(5, 500, 2_000), new StaleRun(5, 1_000, 5, 90));
    }

    /** One short round, to see that it works; too short for judgements. */
    public static void smoke(PrintStream out, Path folder) throws Exception {
        new PeersRun(out, folder, PeersRun.class.getName() + " --quick " + folder)
                .run(new VisibleRun(1, 50, 200), new StaleRun(1, 100, 2, 15));
    }

    /** The command line: {@code [--quick] FOLDER}; ends the JVM, with status 2 where the arguments are wrong. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && !args[0].startsWith("-")) {
            run(System.out, Path.of(args[0]));
        } else if (args.length == 2 && args[0].equals("--quick")) {
            smoke(System.out, Path.of(args[1]));
        } else {
            System.err.println("usage: PeersRun [--quick] FOLDER");
            System.exit(BAD_USAGE);
        }
        System.exit(0);
    }

    private void run(VisibleRun visible, StaleRun stale) throws Exception {
        List<Peer> peers =
                Arrays.stream(Peer.values()).filter(Peer::tellsOthers).toList();
        List<Peer> possible = new ArrayList<>();
        for (Peer peer : peers) {
            if (peer.isPossible()) {
                possible.add(peer);
            } else {
                out.println("left out, redis-server is not installed: " + peer);
            }
        }
        write(
                "peers-visible.json",
                "From write on one node to visible on another",
                visible.method(),
                possible,
                visible.run(possible, out));
        write(
                "peers-stale.json",
                "Old values after a lost connection",
                stale.method(),
                possible,
                stale.run(possible, out));
    }

    private void write(String file, String title, String method, List<Peer> peers, List<PeerFigure> figures)
            throws Exception {
        String settings =
                peers.stream().map(peer -> peer + ": " + peer.settings()).collect(Collectors.joining("\n", "\n", ""));
        PeerReport report = new PeerReport(
                title,
                method + settings,
                command,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                machine(),
                versions(),
                figures);
        report.write(folder.resolve(file));
        out.println();
        out.println(report.table());
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB of heap, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    }

    /** The versions of the JVM and of the libraries, as the names of their jars tell. */
    private static Map<String, String> versions() throws ClassNotFoundException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("java", Runtime.version().toString());
        for (String library : LIBRARIES) {
            var source = Class.forName(library, false, PeersRun.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            if (source != null) {
                String path = source.getLocation().getPath();
                versions.put(library, path.substring(path.lastIndexOf('/') + 1));
            }
        }
        return versions;
    }
}
