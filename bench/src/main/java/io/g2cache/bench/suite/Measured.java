package io.g2cache.bench.suite;

import io.g2cache.bench.sheet.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row with what it came to.
 *
 * @param row the row
 * @param score its score
 */
record Measured(Row row, Score score) {
    /** What was measured of these rows, in contests: those of one thing together, in the order of the rows. */
    static List<List<Measured>> contests(List<Row> rows, Raw raw) throws IOException {
        Map<String, List<Measured>> found = new LinkedHashMap<>();
        for (Row row : rows) {
            Optional<Score> score = raw.score(row);
            if (score.isPresent()) {
                found.computeIfAbsent(row.group() + "/" + row.thing(), thing -> new ArrayList<>())
                        .add(new Measured(row, score.get()));
            }
        }
        return List.copyOf(found.values());
    }

    /** How many times better this is than the other: above one, this one wins. */
    double timesBetterThan(Measured other) {
        return row.isMoreBetter() ? score.value() / other.score.value() : other.score.value() / score.value();
    }

    /** The best of the peers; empty if there is none. */
    static Optional<Measured> bestPeer(List<Measured> contest) {
        return contest.stream()
                .filter(measured -> !measured.row.side().isOurs())
                .reduce((best, next) -> next.timesBetterThan(best) > 1 ? next : best);
    }

    /** What is to be said of ours beside the best peer; empty for a peer, and where there is none. */
    String verdict(List<Measured> contest) {
        Optional<Measured> best = bestPeer(contest);
        if (!row.side().isOurs() || best.isEmpty()) {
            return "";
        }
        Measured peer = best.get();
        String ratio = Numbers.of(score.value() / peer.score.value()) + " x "
                + peer.row.side().name();
        return timesBetterThan(peer) < 1 ? ratio + " (the peer wins)" : ratio;
    }
}
