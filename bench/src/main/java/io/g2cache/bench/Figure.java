package io.g2cache.bench;

/** One line of the guard: a measured value that has a target. */
interface Figure {
    /** What is measured, and beside what. */
    String name();

    /** The most that it should be. */
    double target();

    /** Measures it; takes about ten seconds, and a minute at most. */
    double measure() throws Exception;
}
