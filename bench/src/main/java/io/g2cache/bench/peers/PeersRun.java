package io.g2cache.bench.peers;

import io.g2cache.bench.sheet.Environment;
import io.g2cache.bench.sheet.Reading;
import io.g2cache.bench.sheet.Sheet;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures how soon a write is visible on another node, and what a lost connection does, for every peer that is possible
 * here. For one thread.
 */
public final class PeersRun {
    /** The sheet of how soon a write is visible. */
    public static final String VISIBLE = "peers-visible.json";

    /** The sheet of what a lost connection does. */
    public static final String STALE = "peers-stale.json";

    private final PrintStream out;
    private final Path folder;
    private final String effort;
    private final VisibleRun visible;
    private final StaleRun stale;

    private PeersRun(PrintStream out, Path folder, String effort, VisibleRun visible, StaleRun stale) {
        this.out = out;
        this.folder = folder;
        this.effort = effort;
        this.visible = visible;
        this.stale = stale;
    }

    /** All rounds; takes about half an hour. */
    public static PeersRun full(PrintStream out, Path folder, String effort) {
        return new PeersRun(out, folder, effort, new VisibleRun(3, 500, 2_000), new StaleRun(3, 1_000, 5, 60));
    }

    /** One short round, to see that it works; too short for judgements. */
    public static PeersRun quick(PrintStream out, Path folder, String effort) {
        return new PeersRun(out, folder, effort, new VisibleRun(1, 50, 200), new StaleRun(1, 100, 2, 15));
    }

    /** Measures all, prints the tables and writes the sheets. */
    public void run(String command) throws Exception {
        List<Peer> possible = new ArrayList<>();
        for (Peer peer : Arrays.stream(Peer.values()).filter(Peer::tellsOthers).toList()) {
            if (peer.isPossible()) {
                possible.add(peer);
            } else {
                out.println("left out, redis-server is not installed: " + peer.label());
            }
        }
        write(
                VISIBLE,
                "From write on one node to visible on another",
                visible.method(),
                command,
                possible,
                visible.run(possible, out));
        write(STALE, "Old values after a lost connection", stale.method(), command, possible, stale.run(possible, out));
    }

    private void write(
            String file, String title, String method, String command, List<Peer> peers, List<Reading> readings)
            throws Exception {
        String settings = peers.stream()
                .map(peer -> "\n- " + peer.label() + ": " + peer.settings())
                .collect(Collectors.joining());
        Sheet sheet = new Sheet(title, method + "\n" + settings, command, Environment.now(effort), readings);
        sheet.write(folder.resolve(file));
        out.println();
        out.println(sheet.text());
    }
}
