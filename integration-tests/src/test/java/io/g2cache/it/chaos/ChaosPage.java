package io.g2cache.it.chaos;

final class ChaosPage {
    private ChaosPage() {}

    static String of(ChaosRun run, String name) {
        StringBuilder b = new StringBuilder(name + " seed " + run.seed() + "\n");
        run.strikes()
                .forEach(s -> b.append(s.round() + " " + s.fault() + " " + (s.began() - run.begin()) / 1_000_000 + " "
                        + (s.undoing() - run.begin()) / 1_000_000 + " " + (s.undone() - run.begin()) / 1_000_000
                        + "\n"));
        run.recoveries()
                .forEach(r -> b.append(r.round() + " ready=" + r.ready() / 1_000_000 + " reads=" + r.reads() / 1_000_000
                        + " writes=" + r.writes() / 1_000_000 + " " + r.what() + "\n"));
        run.verdict()
                .findings()
                .forEach(f -> b.append(f.promise() + " node " + f.node() + " at " + (f.time() - run.begin()) / 1_000_000
                        + " " + f.what() + "\n"));
        b.append("stale " + run.verdict().staleReads() + " longest "
                + run.verdict().longestStaleness() / 1_000_000 + " back "
                + run.verdict().stepsBack() + " late " + run.verdict().latePuts() + "\n");
        run.history().operations().stream()
                .collect(java.util.stream.Collectors.groupingBy(
                        o -> o.kind() + " " + o.outcome(),
                        java.util.TreeMap::new,
                        java.util.stream.Collectors.counting()))
                .forEach((k, v) -> b.append(k + " " + v + "\n"));
        return b.toString();
    }
}
