package io.g2cache.it.chaos;

/**
 * A fault as it has really happened. Times are nanoseconds of the machine's monotonic clock. Immutable.
 *
 * @param round number of its round in the plan, from 0
 * @param fault the fault of the plan
 * @param began when it had begun
 * @param undoing when undoing it began
 * @param undone when it had been undone
 */
record Strike(int round, Fault fault, long began, long undoing, long undone) {}
