package io.g2cache.internal;

/** Where an event ended up. */
record Appended(int partition, long version) {}
