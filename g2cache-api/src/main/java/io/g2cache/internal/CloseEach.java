package io.g2cache.internal;

import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes things of one kind: one that fails to close is logged by its name, and the rest are closed all the same. */
final class CloseEach {
    private static final Logger LOG = LoggerFactory.getLogger(CloseEach.class);

    private CloseEach() {}

    static <T> void of(String kind, Map<String, T> byName, Consumer<? super T> close) {
        byName.forEach((name, closed) -> {
            try {
                close.accept(closed);
            } catch (RuntimeException e) {
                LOG.warn("failed to close {} of cache={}", kind, name, e);
            }
        });
    }
}
