package io.g2cache.internal;

import io.g2cache.LoadException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The loads that one synchronous call waits for. A loader may ask the cache for other keys, whose loads may run in other
 * threads and ask for more; where they come back to a load whose thread waits for them, all of them would wait until their
 * timeouts. Asynchronous calls are not followed, as nobody knows whether their callers wait.
 *
 * <p>Concurrency: used by the thread that makes the call, and read by others. A thread makes its wait known before it looks for
 * a circle, so that of those that close one together, one sees it. A thread inside several calls, each made by the loader of the
 * one before, waits for the loads of the innermost.
 */
final class LoadWaits {
    /** Of all nodes, as a loader may ask several. */
    private static final Map<Thread, LoadWaits> INNERMOST = new ConcurrentHashMap<>();

    private final Set<KeyLoad<?>> loads = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;
    private @Nullable LoadWaits outer;

    /**
     * The current thread will wait for a load.
     *
     * @throws LoadException if the load waits, through others, for a load whose loader is running in this very thread
     */
    void add(KeyLoad<?> load) {
        Thread current = Thread.currentThread();
        loads.add(load);
        if (thread == null) {
            thread = current;
            outer = INNERMOST.put(current, this);
        }
        if (!load.isOwn() && leadsTo(current, load, new HashSet<>())) {
            throw new LoadException("the loader of another key asked the cache for " + load.key()
                    + ", whose loader waits for that key in its turn: each would wait for the other for ever");
        }
    }

    private static boolean leadsTo(Thread asking, KeyLoad<?> load, Set<Thread> seen) {
        Thread running = load.loaderThread();
        if (running == asking) {
            return true;
        }
        LoadWaits waits = running == null || !seen.add(running) ? null : INNERMOST.get(running);
        return waits != null && waits.loads.stream().anyMatch(next -> !next.isOver() && leadsTo(asking, next, seen));
    }

    /** The call waits no more. */
    void end() {
        Thread current = thread;
        if (current != null) {
            thread = null;
            if (outer == null) {
                INNERMOST.remove(current);
            } else {
                INNERMOST.put(current, outer);
            }
        }
    }
}
