package io.g2cache.hazelcast;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Gives every call of a provider its deadline, and the blocking ones a thread.
 *
 * <p>Hazelcast's own timeouts do not bound a call (a member that hangs has held one for a minute), so one timer thread
 * ends each call that is not answered in time. IMap has conditional writes only in blocking form: they run on a bounded
 * pool, and the end of the call interrupts its thread. A client's thread is free again then; a member's goes on waiting
 * until the one that hangs answers or is dropped for want of heartbeats, and calls that find no thread meanwhile end by
 * their deadlines. Reads of one key need no thread. All threads are daemons; those of the pool end when idle. Thread-safe.
 */
final class Calls implements AutoCloseable {
    static final int MAX_WAITING = 1000;

    private static final long IDLE_SECONDS = 30;

    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor workers;
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Calls(int threads) {
        timer = new ScheduledThreadPoolExecutor(1, daemons("g2cache-hazelcast-deadline"));
        timer.setRemoveOnCancelPolicy(true);
        workers = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                daemons("g2cache-hazelcast-call"));
        workers.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins a call whose future ends by the deadline, whatever happens. */
    <T> Call<T> begin(String what, Duration timeout, Executor executor) {
        Call<T> call = new Call<>(what, executor, failed);
        try {
            call.endsBy(timer.schedule(() -> expire(call, timeout), timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            call.abandon("refused: the tier is closed");
        }
        return call;
    }

    /** A call that is not made, and needs no deadline. */
    <T> Call<T> without(String what, Executor executor) {
        return new Call<>(what, executor, failed);
    }

    private void expire(Call<?> call, Duration timeout) {
        if (call.abandon("got no answer within timeoutMillis=" + timeout.toMillis())) {
            timedOut.increment();
        }
    }

    /** Lets a thread of the pool do the blocking work of a call. */
    <T> void work(Call<T> call, Callable<T> blocking) {
        FutureTask<Void> task = new FutureTask<>(() -> run(call, blocking), null);
        call.workedOnBy(task);
        try {
            workers.execute(task);
        } catch (RejectedExecutionException full) {
            if (call.abandon("refused: callThreads=" + workers.getMaximumPoolSize() + " are busy and waiting="
                    + workers.getQueue().size() + " of " + MAX_WAITING + ", or the tier is closed")) {
                rejected.increment();
            }
        }
    }

    private static <T> void run(Call<T> call, Callable<T> blocking) {
        if (call.settled()) {
            return;
        }
        T value;
        try {
            value = blocking.call();
        } catch (Throwable error) {
            call.fail(error);
            return;
        }
        call.succeed(value);
    }

    CallCounts counts() {
        return new CallCounts(timedOut.sum(), rejected.sum(), failed.sum());
    }

    /** Refuses new calls. Those under way end by their deadlines, and then the threads do. */
    @Override
    public void close() {
        timer.shutdown();
        workers.shutdown();
    }
}
