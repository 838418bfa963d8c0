package io.g2cache.testkit;

import static io.g2cache.testkit.OutTier.key;
import static io.g2cache.testkit.OutTier.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutSlot;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Without faults it passes the contract. */
class FaultyOutTest extends OutCacheContract {
    private final MemoryOut.Store store = new MemoryOut.Store();
    private final Faults<OutFault> faults = new Faults<>(1);
    private final FaultyOut faulty = new FaultyOut(new MemoryOut(store), faults);
    private final OutTier out = OutTier.open(faulty, "faults", "contract", "g1", Runnable::run);

    @Override
    protected OutCacheProvider provider() {
        return new FaultyOut(new MemoryOut(store), new Faults<>(2));
    }

    @Override
    protected OutCacheProvider secondProvider() {
        return new FaultyOut(new MemoryOut(store), new Faults<>(3));
    }

    private static void assertFails(CompletableFuture<?> call, OutFault fault) {
        assertThatThrownBy(call::get)
                .hasCauseInstanceOf(TierException.class)
                .cause()
                .hasMessageContaining("fault=" + fault);
    }

    @Test
    void aFailedCallDoesNothing() {
        faults.next(OutFault.FAILED);
        assertFails(out.cache().apply(key("a"), value(5, "five")), OutFault.FAILED);
        assertThat(out.read(key("a"))).isEqualTo(OutSlot.EMPTY);
        assertThat(out.apply(key("a"), value(5, "five"))).isTrue();
    }

    @Test
    void aCallThatTimedOutHasTakenEffectOrDoesSoLater() {
        faults.next(OutFault.TIMEOUT_APPLIED);
        assertFails(out.cache().apply(key("a"), value(5, "five")), OutFault.TIMEOUT_APPLIED);
        assertThat(out.read(key("a")).version()).isEqualTo(5);
        faults.next(OutFault.TIMEOUT_LATE);
        assertFails(out.cache().apply(key("a"), value(6, "six")), OutFault.TIMEOUT_LATE);
        assertThat(out.read(key("a")).version()).isEqualTo(5);
        assertThat(faulty.releaseLate()).hasSize(1);
        assertThat(out.read(key("a")).version()).isEqualTo(6);
    }

    @Test
    void aLateValueIsRefusedWhereANewerTombstoneWasEvicted() {
        faults.next(OutFault.TIMEOUT_LATE);
        assertFails(out.cache().apply(key("a"), value(5, "put")), OutFault.TIMEOUT_LATE);
        out.apply(key("a"), Entry.tombstone(9));
        faults.next(OutFault.EVICT);
        assertThat(out.read(key("a"))).isEqualTo(OutSlot.EMPTY);
        faulty.releaseLate();
        assertThat(out.read(key("a"))).isEqualTo(OutSlot.EMPTY);
    }

    @Test
    void aLateFillIsRefusedAfterAnEvent() {
        OutSlot lease = out.lease(key("a"));
        faults.next(OutFault.TIMEOUT_LATE);
        assertFails(out.cache().fill(key("a"), lease, value(5, "load")), OutFault.TIMEOUT_LATE);
        out.apply(key("a"), value(9, "event"));
        faulty.releaseLate();
        assertThat(out.read(key("a")).version()).isEqualTo(9);
    }

    @Test
    void anEvictedKeyAndALostLeaseRefuseTheFill() {
        OutSlot lease = out.lease(key("a"));
        faults.next(OutFault.LEASE_LOST);
        assertThat(out.fill(key("a"), lease, value(5, "load"))).isFalse();
        assertThat(out.read(key("a"))).isEqualTo(OutSlot.EMPTY);
        out.lease(key("a"));
        assertThat(out.fill(key("a"), lease, value(5, "load with the lost lease")))
                .isFalse();
        out.apply(key("b"), value(5, "five"));
        OutSlot held = out.read(key("b"));
        faults.next(OutFault.LEASE_LOST);
        assertThat(out.read(key("b")).version()).isEqualTo(5);
        faults.next(OutFault.EVICT);
        assertThat(out.fill(key("b"), held, value(6, "six"))).isFalse();
        assertThat(out.read(key("b"))).isEqualTo(OutSlot.EMPTY);
    }

    @Test
    void failuresCompleteOnTheExecutorOrAtOnceWhereItRefuses() {
        ManualExecutor executor = new ManualExecutor();
        OutTier queued = OutTier.open(faulty, "faults", "contract", "g1", executor);
        faults.next(OutFault.FAILED);
        CompletableFuture<OutSlot> read = queued.cache().read(key("a"));
        assertThat(read).isNotDone();
        executor.runAll();
        assertFails(read, OutFault.FAILED);
        executor.capacity(0);
        faults.next(OutFault.FAILED);
        assertFails(queued.cache().read(key("a")), OutFault.FAILED);
        assertThatThrownBy(queued.cache().read(key("a"))::get).hasCauseInstanceOf(TierException.class);
    }
}
