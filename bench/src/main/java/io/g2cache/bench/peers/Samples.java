package io.g2cache.bench.peers;

import io.g2cache.bench.sheet.Reading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations in milliseconds that were measured for one peer; some may have hit a limit. Not thread-safe. */
final class Samples {
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Double> millis = new ArrayList<>();
    private int beyond;

    /** Adds one that was measured. */
    void add(long nanos) {
        millis.add(nanos / NANOS_PER_MILLI);
    }

    /** Adds one that took longer than was waited. */
    void addBeyond() {
        beyond++;
    }

    /** How many were measured. */
    int count() {
        return millis.size();
    }

    /** How many took longer than was waited. */
    int beyond() {
        return beyond;
    }

    /**
     * The smallest that at least this share of all is not above; positive infinity where it took longer than was waited.
     *
     * @param share above 0 and at most 1
     * @throws IllegalStateException if there is none
     */
    double percentile(double share) {
        int all = millis.size() + beyond;
        if (all == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        int index = Math.max(0, (int) Math.ceil(share * all) - 1);
        if (index >= millis.size()) {
            return Double.POSITIVE_INFINITY;
        }
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get(index);
    }

    /** Percentiles as figures; those that took longer than was waited have no value, and a note. */
    List<Reading> figures(Peer peer, String name, List<Double> shares, String beyondNote) {
        List<Reading> figures = new ArrayList<>();
        for (double share : shares) {
            double value = percentile(share);
            boolean isKnown = Double.isFinite(value);
            figures.add(new Reading(
                    peer.label(),
                    name + " " + (share == 1 ? "max" : "p" + Math.round(share * 100)),
                    isKnown ? (Double) value : null,
                    "ms",
                    (isKnown ? "" : beyondNote + "; ") + "n=" + (count() + beyond)));
        }
        return figures;
    }
}
