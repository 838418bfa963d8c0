package io.g2cache.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Calls that take effect after their caller has given up. Thread-safe; the monitor of this object guards the list. */
final class LateCalls {
    private final List<Supplier<? extends CompletableFuture<?>>> calls = new ArrayList<>();

    synchronized void add(Supplier<? extends CompletableFuture<?>> call) {
        calls.add(call);
    }

    private synchronized List<Supplier<? extends CompletableFuture<?>>> take() {
        List<Supplier<? extends CompletableFuture<?>>> taken = List.copyOf(calls);
        calls.clear();
        return taken;
    }

    List<CompletableFuture<?>> release() {
        List<CompletableFuture<?>> released = new ArrayList<>();
        take().forEach(call -> released.add(call.get()));
        return released;
    }
}
