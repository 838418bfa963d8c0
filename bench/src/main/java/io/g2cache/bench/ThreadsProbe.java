package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets many threads use the off-heap tier and then wait, and prints how many bytes of heap each of them costs more than one
 * that only waits, and the nanoseconds of its first read. Arguments: {@code virtual} or {@code platform}, and how many.
 */
final class ThreadsProbe {
    private static final long LIMIT_SECONDS = 60;

    private final boolean virtual;
    private final int threads;
    private final Workload workload = new Workload(1_000);
    private final LocalTier tier =
            new LocalTier(ChronicleLocal.builder().hotEntries(0).build(), workload);
    private final byte[] stored = LocalTier.stored(workload.value(0));
    private final LongAdder firstReadNanos = new LongAdder();

    private ThreadsProbe(boolean virtual, int threads) {
        this.virtual = virtual;
        this.threads = threads;
    }

    public static void main(String[] args) throws Exception {
        new ThreadsProbe(args[0].equals("virtual"), Integer.parseInt(args[1])).run();
    }

    private void run() throws Exception {
        long warmUp = heapOf(true);
        firstReadNanos.reset();
        long idle = heapOf(false);
        long using = heapOf(true);
        System.out.println((double) (using - idle) / threads + " " + firstReadNanos.sum() / threads);
        System.exit(warmUp > 0 ? 0 : 1);
    }

    /** Heap in use while all threads wait. */
    private long heapOf(boolean use) throws Exception {
        ExecutorService executor = executor();
        CountDownLatch waiting = new CountDownLatch(threads);
        CountDownLatch done = new CountDownLatch(1);
        Future<?> last = null;
        for (int i = 0; i < threads; i++) {
            int rank = i % workload.entries();
            last = executor.submit(() -> {
                if (use) {
                    use(rank);
                }
                waiting.countDown();
                return done.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            });
        }
        if (!waiting.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("threads still under way=" + waiting.getCount());
        }
        long used = Heap.usedBytes();
        done.countDown();
        Objects.requireNonNull(last).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        executor.shutdown();
        if (!executor.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("threads do not end");
        }
        return used;
    }

    private void use(int rank) {
        String key = workload.key(rank);
        long start = System.nanoTime();
        Objects.requireNonNull(tier.get(key));
        firstReadNanos.add(System.nanoTime() - start);
        synchronized (this) {
            tier.put(key, stored);
        }
        Objects.requireNonNull(tier.get(key));
    }

    /** Reflectively, as the code is compiled for a JDK without virtual threads. */
    private ExecutorService executor() throws NoSuchMethodException, InvocationTargetException, IllegalAccessException {
        if (!virtual) {
            return Executors.newFixedThreadPool(threads);
        }
        Method method = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
        return (ExecutorService) method.invoke(null);
    }
}
