package io.g2cache.internal;

import io.g2cache.spi.StatsRecorder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what a user's recorder throws away from the engine; logs the first failure. Thread-safe. */
final class GuardedRecorder implements StatsRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedRecorder.class);
    private static final StatsRecorder NOTHING = new StatsRecorder() {
        @Override
        public void hit(Tier tier) {}

        @Override
        public void miss(Tier tier) {}

        @Override
        public void loadSuccess(long nanos) {}

        @Override
        public void loadFailure(long nanos) {}

        @Override
        public void count(Counter counter) {}
    };

    private final StatsRecorder users;
    private final AtomicBoolean failed = new AtomicBoolean();

    private GuardedRecorder(StatsRecorder users) {
        this.users = users;
    }

    static StatsRecorder of(@Nullable StatsRecorder users) {
        return users == null ? NOTHING : new GuardedRecorder(users);
    }

    @Override
    public void hit(Tier tier) {
        try {
            users.hit(tier);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    public void miss(Tier tier) {
        try {
            users.miss(tier);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    public void loadSuccess(long nanos) {
        try {
            users.loadSuccess(nanos);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    public void loadFailure(long nanos) {
        try {
            users.loadFailure(nanos);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    public void count(Counter counter) {
        try {
            users.count(counter);
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        if (failed.compareAndSet(false, true)) {
            LOG.warn(
                    "the stats recorder {} fails; further failures are not logged",
                    users.getClass().getName(),
                    failure);
        }
    }
}
