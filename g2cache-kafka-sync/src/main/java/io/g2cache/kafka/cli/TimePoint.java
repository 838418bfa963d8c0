package io.g2cache.kafka.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A moment as the user gave it; exactly one of both is there.
 *
 * @param at a time
 * @param ago how long before now
 */
record TimePoint(@Nullable Instant at, @Nullable Duration ago) {
    long wallMillis(long nowMillis) {
        Duration before = ago;
        Instant instant = at;
        if (before != null) {
            return nowMillis - before.toMillis();
        }
        return instant == null ? nowMillis : instant.toEpochMilli();
    }
}
