package io.g2cache.bench.peers;

import io.g2cache.bench.sheet.Reading;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How long a node returns old values, and how long it takes until it has all the new ones, after its connections were cut,
 * values were written meanwhile, and the connections were healed. Used by one thread.
 *
 * @param rounds how often each peer has its turn, with nodes opened anew
 * @param keys how many keys are read and written
 * @param cutSeconds how long the connections are cut at least
 * @param limitSeconds how long is waited after they were healed
 */
record StaleRun(int rounds, int keys, int cutSeconds, int limitSeconds) {
    private static final long FILL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** What is done, for the report. */
    String method() {
        return rounds + " rounds; in each, every peer is opened alone and the reading node has " + keys + " values of "
                + Values.BYTES + " bytes in its near cache; a TCP proxy resets its connections to the shared parts for "
                + cutSeconds
                + " s at least, in which every value is written anew on the other node; one thread keeps reading"
                + " all keys that have not shown the new value; 'all new' is the time from the healing until every key has"
                + " shown it, 'last old' until an old value was returned for the last time; at most " + limitSeconds
                + " s are waited; reads that failed or found nothing are not old values";
    }

    List<Reading> run(List<Peer> peers, PrintStream out) throws Exception {
        List<Outcome> outcomes = peers.stream().map(Outcome::new).toList();
        for (int round = 1; round <= rounds; round++) {
            for (Outcome outcome : outcomes) {
                out.println("stale: round " + round + " of " + rounds + ", " + outcome.peer);
                measure(outcome);
            }
        }
        return outcomes.stream().flatMap(outcome -> outcome.figures().stream()).toList();
    }

    private void measure(Outcome outcome) throws Exception {
        List<String> names = IntStream.range(0, keys).mapToObj(Values::key).toList();
        try (PeerNodes nodes = outcome.peer.open(2 * keys)) {
            putAll(nodes, names, 1);
            Watch before = new Watch(nodes, names, 1);
            before.start();
            boolean isWarm = before.await(FILL_LIMIT_NANOS);
            before.stop();
            if (!isWarm) {
                throw new IllegalStateException(
                        outcome.peer + " does not show its first values, left=" + before.left());
            }
            Watch watch = new Watch(nodes, names, 2);
            nodes.cut();
            long cut = System.nanoTime();
            watch.start();
            putAll(nodes, names, 2);
            // completes early only where the cut does not reach the peer
            boolean isUntouched =
                    watch.await(Math.max(1, TimeUnit.SECONDS.toNanos(cutSeconds) - (System.nanoTime() - cut)));
            long healed = System.nanoTime();
            nodes.heal();
            boolean isComplete = isUntouched || watch.await(TimeUnit.SECONDS.toNanos(limitSeconds));
            watch.stop();
            outcome.add(watch, isComplete, healed);
        }
    }

    private static void putAll(PeerNodes nodes, List<String> names, long number) throws Exception {
        for (String name : names) {
            nodes.put(name, Values.of(number));
        }
    }

    /** What all rounds of one peer have given. */
    private final class Outcome {
        private final Peer peer;
        private final Samples allNew = new Samples();
        private final Samples lastOld = new Samples();
        private long failures;
        private int mostLeft;

        private Outcome(Peer peer) {
            this.peer = peer;
        }

        private void add(Watch watch, boolean isComplete, long healedNanos) {
            if (isComplete) {
                allNew.add(Math.max(0, watch.completeNanos() - healedNanos));
            } else {
                allNew.addBeyond();
            }
            long old = watch.oldFor(healedNanos);
            if (!isComplete && old > TimeUnit.SECONDS.toNanos(limitSeconds - 1)) {
                lastOld.addBeyond();
            } else {
                lastOld.add(old);
            }
            failures += watch.failures();
            mostLeft = Math.max(mostLeft, isComplete ? 0 : watch.left());
        }

        private List<Reading> figures() {
            List<Reading> figures = new ArrayList<>();
            List<Double> shares = List.of(0.5, 1.0);
            figures.addAll(allNew.figures(peer, "all new", shares, "never within " + limitSeconds + " s"));
            figures.addAll(lastOld.figures(peer, "last old", shares, "still old after " + limitSeconds + " s"));
            figures.add(new Reading(peer.label(), "keys never new", (double) mostLeft, "", "of " + keys));
            figures.add(new Reading(peer.label(), "failed reads", (double) failures, "", "during and after the cut"));
            return figures;
        }
    }
}
