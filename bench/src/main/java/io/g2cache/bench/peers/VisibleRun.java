package io.g2cache.bench.peers;

import io.g2cache.bench.sheet.Reading;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes from the start of a write on one node until another node, which had the old value in its near cache,
 * returns the new one. The reader asks again and again, without a pause. Used by one thread.
 *
 * @param rounds how often each peer has its turn, with nodes opened anew
 * @param warmUp writes of each turn that do not count
 * @param writes writes of each turn that do
 */
record VisibleRun(int rounds, int warmUp, int writes) {
    private static final int KEYS = 1_000;
    private static final int NEAR_ENTRIES = 4_000;
    private static final int LIMIT_SECONDS = 15;

    /** What is done, for the report. */
    String method() {
        return rounds + " rounds; in each, every peer is opened alone, " + warmUp + " writes warm it up and " + writes
                + " are measured; " + KEYS + " keys, values of " + Values.BYTES
                + " bytes; from before the write is called until the reading node, which held the old value and asks without"
                + " a pause, returns the new one; both nodes in one JVM, all shared parts on loopback, the reader's"
                + " connections through a TCP proxy";
    }

    List<Reading> run(List<Peer> peers, PrintStream out) throws Exception {
        Map<Peer, Samples> all = new EnumMap<>(Peer.class);
        for (int round = 1; round <= rounds; round++) {
            for (Peer peer : peers) {
                out.println("visible: round " + round + " of " + rounds + ", " + peer);
                Samples samples = all.computeIfAbsent(peer, key -> new Samples());
                try (PeerNodes nodes = peer.open(NEAR_ENTRIES)) {
                    measure(nodes, warmUp, new Samples(), 0);
                    measure(nodes, writes, samples, warmUp);
                }
            }
        }
        List<Reading> figures = new ArrayList<>();
        all.forEach((peer, samples) -> figures.addAll(samples.figures(
                peer, "write to visible", List.of(0.5, 0.99, 1.0), "never within " + LIMIT_SECONDS + " s")));
        return figures;
    }

    private static void measure(PeerNodes nodes, int count, Samples samples, long first) throws Exception {
        for (long number = first + 1; number <= first + count; number++) {
            String key = Values.key((int) (number % KEYS));
            var unused = nodes.get(key);
            long start = System.nanoTime();
            nodes.put(key, Values.of(number));
            long nanos = awaitNanos(nodes, key, number, start);
            if (nanos < 0) {
                samples.addBeyond();
            } else {
                samples.add(nanos);
            }
        }
    }

    /** Nanoseconds from the start until the value was seen; -1 if it was not within the limit. */
    private static long awaitNanos(PeerNodes nodes, String key, long number, long start) throws Exception {
        long nanos;
        do {
            boolean isSeen = Values.number(nodes.get(key)) == number;
            nanos = System.nanoTime() - start;
            if (isSeen) {
                return nanos;
            }
            Thread.onSpinWait();
        } while (nanos < TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
        return -1;
    }
}
