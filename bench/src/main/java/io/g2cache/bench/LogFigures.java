package io.g2cache.bench;

import java.util.List;

/** The group {@code log}: what our log adds to plain Kafka clients. */
final class LogFigures {
    private LogFigures() {}

    /** In the order in which they are measured. */
    static List<Figure> all() {
        return List.of(
                new PropagationFigure("put to applied elsewhere p50 / plain send to poll p50", 1.3, 0.5),
                new PropagationFigure("put to applied elsewhere p99 / plain send to poll p99", 1.5, 0.99),
                new ReplayRateFigure(),
                new CatchUpFigure(),
                new IdleFigure(),
                new LogHeapFigure());
    }
}
