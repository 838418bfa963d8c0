package io.g2cache.bench.suite;

/**
 * One fork of a row.
 *
 * @param row what is run
 * @param number which of its forks, from 1
 */
record Turn(Row row, int number) {
    /** The file of its raw data within the folder of its group. */
    String file() {
        return row.slug() + "." + number + ".json";
    }
}
