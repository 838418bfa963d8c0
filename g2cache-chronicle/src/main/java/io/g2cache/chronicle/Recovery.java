package io.g2cache.chronicle;

import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a new tier from an old map file. The parts of a large file are read by a thread each, the first by the caller; the
 * tier takes entries from all of them. Used once.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final long BYTES_WORTH_A_THREAD = 32 << 20;
    private static final int MOST_THREADS = 4;
    private static final long LOOK_AT_CLOCK_MILLIS = 50;

    private final LocalContext<?, ?> context;
    private final ChronicleLocalCache<?, ?> tier;
    private final Opening.Kept kept;
    private final Patience patience;
    private final List<Salvage> parts = new ArrayList<>();
    private final List<FutureTask<Void>> tasks = new ArrayList<>();

    Recovery(LocalContext<?, ?> context, ChronicleLocalCache<?, ?> tier, Opening.Kept kept, Patience patience) {
        this.context = context;
        this.tier = tier;
        this.kept = kept;
        this.patience = patience;
    }

    /**
     * Reads it all.
     *
     * @throws UnusableStoreException if the time is over
     */
    Restored run() throws IOException, UnusableStoreException {
        long begin = context.time().monotonicMillis();
        long length = Files.size(kept.map());
        int processors = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        int count = (int) Math.max(1, Math.min(processors, length / BYTES_WORTH_A_THREAD));
        for (int i = 0; i < count; i++) {
            add(length / count * i, i + 1 == count ? length : length / count * (i + 1));
        }
        for (FutureTask<Void> other : tasks.subList(1, count)) {
            Thread thread = new Thread(other, "g2cache-recover-" + context.cache());
            thread.setDaemon(true);
            thread.start();
        }
        tasks.get(0).run();
        for (FutureTask<Void> task : tasks) {
            await(task);
        }
        Restored restored = new Restored(kept.checkpoint(), newest(), tier.estimatedSize());
        LOG.info(
                "cache={} is warm: entries={} from bytes={} in millis={}; left out: below a floor={}, no room={}",
                context.cache(),
                restored.entries(),
                length,
                context.time().monotonicMillis() - begin,
                parts.stream().mapToLong(Salvage::dead).sum(),
                tier.evictions());
        return restored;
    }

    private void add(long from, long to) {
        Salvage part = new Salvage(context, tier, kept.header().seal(), kept.checkpoint(), patience);
        parts.add(part);
        tasks.add(new FutureTask<>(() -> {
            part.read(kept.map(), from, to);
            return null;
        }));
    }

    private void await(FutureTask<Void> task) throws IOException, UnusableStoreException {
        while (true) {
            try {
                task.get(LOOK_AT_CLOCK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                patience.require();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UnusableStoreException unusable) {
                    throw unusable;
                }
                throw new UnusableStoreException("it cannot be read", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnusableStoreException("the thread that read it was interrupted", e);
            }
        }
    }

    private LogPosition newest() {
        int partitions = kept.checkpoint().position().partitions();
        long[] newest = new long[partitions];
        for (int p = 0; p < partitions; p++) {
            newest[p] = Long.MIN_VALUE;
            for (Salvage part : parts) {
                newest[p] = Math.max(newest[p], part.newest(p));
            }
        }
        return LogPosition.of(newest);
    }
}
