package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at an out tier again and again, and notes every key whose version goes back there, or that is gone. A tier that does
 * not answer is asked again. A thread of its own looks until it is closed.
 */
final class VersionWatch implements AutoCloseable {
    private final OutTierView tier;
    private final Collection<String> keys;
    private final Map<String, Long> newest = new HashMap<>();
    private final List<String> wentBack = new CopyOnWriteArrayList<>();
    private final AtomicLong looks = new AtomicLong();
    private final Thread thread = new Thread(this::look, "version-watch");

    VersionWatch(OutTierView tier, Collection<String> keys) {
        this.tier = tier;
        this.keys = List.copyOf(keys);
        thread.start();
    }

    private void look() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(2);
                try {
                    tier.versions(keys).forEach(this::compare);
                    looks.incrementAndGet();
                } catch (CompletionException e) {
                    // the tier is away
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void compare(String key, long now) {
        long before = newest.merge(key, now, Math::max);
        if (now < before) {
            wentBack.add(key + " from=" + before + " to=" + now);
        }
    }

    /** No version has gone back, and it was looked since the last time. */
    void assertNoneWentBack() {
        assertThat(looks.getAndSet(0)).as("looks at the out tier").isPositive();
        assertThat(wentBack).isEmpty();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
