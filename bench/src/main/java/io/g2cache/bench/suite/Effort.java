package io.g2cache.bench.suite;

/** How much time a row gets. */
public enum Effort {
    /** Shows that every row runs; its scores say nothing. */
    QUICK(1, 1, 100, 1, 100, 3),
    /** Shows in a minute or two where one stands. */
    SMOKE(1, 2, 800, 3, 1_000, 1),
    /** For figures: errors of the rows that matter are below ten percent. */
    FULL(3, 3, 1_000, 5, 1_000, 1);

    private static final double MILLIS_PER_SECOND = 1_000;
    private static final double FORK_SECONDS = 1.5;

    private final int forks;
    private final int warmUps;
    private final int warmUpMillis;
    private final int measurements;
    private final int measurementMillis;
    private final int setUpShare;

    Effort(int forks, int warmUps, int warmUpMillis, int measurements, int measurementMillis, int setUpShare) {
        this.forks = forks;
        this.warmUps = warmUps;
        this.warmUpMillis = warmUpMillis;
        this.measurements = measurements;
        this.measurementMillis = measurementMillis;
        this.setUpShare = setUpShare;
    }

    /** How many JVMs a row gets, one after another. */
    public int forks() {
        return forks;
    }

    /** Iterations that do not count. */
    public int warmUps() {
        return warmUps;
    }

    /** Length of each of them. */
    public int warmUpMillis() {
        return warmUpMillis;
    }

    /** Iterations that count. */
    public int measurements() {
        return measurements;
    }

    /** Length of each of them. */
    public int measurementMillis() {
        return measurementMillis;
    }

    /** About how long a turn of a row takes. */
    double turnSeconds(Row row) {
        return FORK_SECONDS
                + (double) row.setUpSeconds() / setUpShare
                + (warmUps * warmUpMillis + measurements * measurementMillis) / MILLIS_PER_SECOND;
    }
}
