package io.g2cache.testkit;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's way to a {@link MemoryOut} with faults in between. Without faults it behaves as that. Thread-safe. Failed
 * futures complete on the executor of the context, too.
 */
public final class FaultyOut implements OutCacheProvider {
    private final MemoryOut provider;
    private final Faults<OutFault> faults;
    private final LateCalls late = new LateCalls();

    /** Wraps a node's out tier. */
    public FaultyOut(MemoryOut provider, Faults<OutFault> faults) {
        this.provider = provider;
        this.faults = faults;
    }

    /** Carries out what {@link OutFault#TIMEOUT_LATE} has kept. Returns their results. */
    public List<CompletableFuture<?>> releaseLate() {
        return late.release();
    }

    @Override
    public String name() {
        return "faulty " + provider.name();
    }

    @Override
    public OutCache open(OutContext context) {
        return new Out(provider.open(context), context);
    }

    /** The ledger suffers failures and late answers, as the caches do. */
    @Override
    public OutLedger ledger(OutContext context, OutDoubts doubts) {
        return new Ledger(provider.ledger(context, doubts), context);
    }

    /** The tier that this one stands before. */
    public MemoryOut provider() {
        return provider;
    }

    @Override
    public void close() {
        provider.close();
    }

    private <T> CompletableFuture<T> faulty(OutContext context, Supplier<CompletableFuture<T>> call) {
        return faulty(context, call, () -> {
            late.add(call);
            return failed(context, OutFault.TIMEOUT_LATE);
        });
    }

    private <T> CompletableFuture<T> faulty(
            OutContext context, Supplier<CompletableFuture<T>> call, Supplier<CompletableFuture<T>> whenLate) {
        if (faults.strikes(OutFault.FAILED)) {
            return failed(context, OutFault.FAILED);
        }
        if (faults.strikes(OutFault.TIMEOUT_LATE)) {
            return whenLate.get();
        }
        if (faults.strikes(OutFault.TIMEOUT_APPLIED)) {
            return call.get().thenCompose(result -> failed(context, OutFault.TIMEOUT_APPLIED));
        }
        return call.get();
    }

    private static <T> CompletableFuture<T> failed(OutContext context, OutFault fault) {
        TierException failure = new TierException("cache=" + context.cache() + ": injected fault=" + fault);
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            context.executor().execute(() -> future.completeExceptionally(failure));
        } catch (RejectedExecutionException e) {
            failure.addSuppressed(e);
            future.completeExceptionally(failure);
        }
        return future;
    }

    private final class Ledger implements OutLedger {
        private final OutLedger ledger;
        private final OutContext context;

        Ledger(OutLedger ledger, OutContext context) {
            this.ledger = ledger;
            this.context = context;
        }

        @Override
        public CompletableFuture<Map<Integer, OutProgress>> progress() {
            return faulty(context, ledger::progress);
        }

        @Override
        public CompletableFuture<Boolean> publish(int partition, @Nullable OutProgress known, OutProgress next) {
            return faulty(context, () -> ledger.publish(partition, known, next));
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> floors() {
            return faulty(context, ledger::floors);
        }

        @Override
        public CompletableFuture<Void> raiseFloor(int number, long version) {
            return faulty(context, () -> ledger.raiseFloor(number, version));
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    private final class Out implements OutCache {
        private final MemoryOutCache out;
        private final OutContext context;

        Out(MemoryOutCache out, OutContext context) {
            this.out = out;
            this.context = context;
        }

        private <T> CompletableFuture<T> call(Collection<EncodedKey> keys, Supplier<CompletableFuture<T>> call) {
            disturb(keys);
            return faulty(context, call);
        }

        private void disturb(Collection<EncodedKey> keys) {
            for (EncodedKey key : keys) {
                if (faults.strikes(OutFault.EVICT)) {
                    out.evict(key);
                }
                if (faults.strikes(OutFault.LEASE_LOST)) {
                    out.evictLease(key);
                }
            }
        }

        @Override
        public CompletableFuture<OutSlot> read(EncodedKey key) {
            return call(List.of(key), () -> out.read(key));
        }

        @Override
        public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
            return call(keys, () -> out.readAll(keys));
        }

        @Override
        public CompletableFuture<OutSlot> lease(EncodedKey key) {
            return call(List.of(key), () -> out.lease(key));
        }

        @Override
        public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
            return call(List.of(key), () -> out.fill(key, lease, entry));
        }

        @Override
        public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
            return apply(key, entry, seen -> OutSlot.Source.EVENT, () -> out.apply(key, entry));
        }

        @Override
        public CompletableFuture<Boolean> applyEarly(EncodedKey key, Entry entry) {
            return apply(key, entry, OutSlot::early, () -> out.applyEarly(key, entry));
        }

        private CompletableFuture<Boolean> apply(
                EncodedKey key,
                Entry entry,
                Function<OutSlot, OutSlot.Source> source,
                Supplier<CompletableFuture<Boolean>> call) {
            if (entry.isTombstone()) {
                return call(List.of(key), call);
            }
            disturb(List.of(key));
            return faulty(context, call, () -> late(key, entry, source));
        }

        /** A value that comes late is stored over what was there when its call began, or a placeholder of its own, alone. */
        private CompletableFuture<Boolean> late(EncodedKey key, Entry entry, Function<OutSlot, OutSlot.Source> source) {
            return out.lease(key).thenCompose(seen -> {
                if (seen.givesWayTo(entry)) {
                    late.add(() -> out.replace(key, seen, entry, source.apply(seen)));
                }
                return failed(context, OutFault.TIMEOUT_LATE);
            });
        }

        @Override
        public CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot) {
            return call(List.of(key), () -> out.confirm(key, slot));
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> floors() {
            return call(List.of(), out::floors);
        }

        @Override
        public CompletableFuture<Void> raiseFloor(int number, long version) {
            return call(List.of(), () -> out.raiseFloor(number, version));
        }

        @Override
        public void close() {
            out.close();
        }
    }
}
