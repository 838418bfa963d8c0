package io.g2cache.testkit.races;

import io.g2cache.spi.StatsRecorder;

/** What the nodes of a run have counted, as far as its checks need that. Used by one thread at a time. */
final class Counts implements StatsRecorder {
    private long localHits;
    private long failSafeHits;

    long localHits() {
        return localHits;
    }

    long failSafeHits() {
        return failSafeHits;
    }

    @Override
    public void hit(Tier tier) {
        localHits += tier == Tier.LOCAL ? 1 : 0;
    }

    @Override
    public void miss(Tier tier) {
        // of no interest
    }

    @Override
    public void loadSuccess(long nanos) {
        // of no interest
    }

    @Override
    public void loadFailure(long nanos) {
        // of no interest
    }

    @Override
    public void count(Counter counter) {
        failSafeHits += counter == Counter.FAIL_SAFE_HIT ? 1 : 0;
    }
}
