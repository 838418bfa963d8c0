package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How long it took after a round, from the moment its last fault was undone, until all nodes were ready and had each answered a
 * read and had a write acknowledged that began after that moment. Immutable.
 *
 * @param round number of the round, from 0
 * @param what its faults
 * @param undone when its last fault was undone, in nanoseconds of the machine's monotonic clock
 * @param ready until all nodes were ready, in nanoseconds; {@link Long#MAX_VALUE} if never
 * @param reads until all nodes had answered a read
 * @param writes until all nodes had a write acknowledged
 */
record Recovery(int round, String what, long undone, long ready, long reads, long writes) {
    /** That of every round. */
    static List<Recovery> of(History history, List<Strike> strikes) {
        List<Recovery> all = new ArrayList<>();
        int rounds = strikes.stream().mapToInt(Strike::round).max().orElse(-1) + 1;
        for (int i = 0; i < rounds; i++) {
            int round = i;
            List<Strike> own =
                    strikes.stream().filter(strike -> strike.round() == round).toList();
            if (own.isEmpty()) {
                continue;
            }
            long undone = own.stream().mapToLong(Strike::undone).max().orElseThrow();
            String what = own.stream().map(strike -> strike.fault().toString()).collect(Collectors.joining(", "));
            all.add(new Recovery(
                    round,
                    what,
                    undone,
                    ready(history, undone),
                    answered(history, undone, false),
                    answered(history, undone, true)));
        }
        return all;
    }

    private static long ready(History history, long undone) {
        long last = 0;
        for (int node = 1; node <= KeySpace.NODES; node++) {
            int number = node;
            long first = history.samples().stream()
                    .filter(sample -> sample.node() == number && sample.time() >= undone && sample.isReady())
                    .mapToLong(sample -> sample.time() - undone)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            last = Math.max(last, first);
        }
        return last;
    }

    private static long answered(History history, long undone, boolean isWrite) {
        long last = 0;
        for (int node = 1; node <= KeySpace.NODES; node++) {
            int number = node;
            long first = history.operations().stream()
                    .filter(operation -> operation.node() == number && operation.start() >= undone)
                    .filter(operation ->
                            operation.isOk() && operation.kind().isWrite() == isWrite && operation.kind() != Kind.CLEAR)
                    .mapToLong(operation -> operation.end() - undone)
                    .min()
                    .orElse(Long.MAX_VALUE);
            last = Math.max(last, first);
        }
        return last;
    }
}
