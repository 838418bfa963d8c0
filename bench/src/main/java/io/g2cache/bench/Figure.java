package io.g2cache.bench;

/** One line of the guard: a measured value that has a target. */
interface Figure {
    /** What is measured, and beside what. */
    String name();

    /** The most that it should be. */
    double target();

    /** What else is to be said of the last measurement, such as the peer's own number; empty if nothing. */
    default String note() {
        return "";
    }

    /** Measures it; takes about ten seconds, and a minute at most. */
    double measure() throws Exception;
}
