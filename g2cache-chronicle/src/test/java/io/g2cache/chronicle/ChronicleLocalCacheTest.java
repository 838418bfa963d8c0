package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.CollidingKeys;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.lang.management.ManagementFactory;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChronicleLocalCacheTest {
    /** A codec that hands its view to a test. */
    private record Decoding<T>(Function<ByteBuffer, T> decoder) implements Codec<T> {
        @Override
        public String id() {
            return "test";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(T value) {
            return new byte[16 << 10];
        }

        @Override
        public T decode(ByteBuffer view) {
            return decoder.apply(view);
        }
    }

    private static <T> Tier<T> tier(Function<ByteBuffer, T> decoder) {
        return new Tier<>(new Decoding<>(decoder), 1, 100, 20 << 10, 1 << 20);
    }

    @Test
    void cleaningUpDropsWhatIsExpiredOrDeadAndNothingElse() {
        try (Tier<byte[]> tier = Tier.ofBytes(4, 1_000, 100)) {
            for (int k = 0; k < 300; k++) {
                long hard = k < 100 ? Tier.NOW : Tier.NOW + 1;
                byte[] stored = tier.format.encode(new byte[k]);
                tier.cache.fill(tier.key(k), Entry.value(k, Tier.NOW - 1, hard, stored), Admission.ALWAYS);
            }
            int dead = 0;
            tier.floors.set(2, 200);
            for (int k = 100; k < 200; k++) {
                dead += tier.key(k).partition() == 2 ? 1 : 0;
            }
            tier.cache.cleanUp(Tier.NOW);
            assertThat(tier.cache.map.longSize()).isEqualTo(200 - dead);
            assertThat(dead).isBetween(1, 99);
            assertThat(tier.find(99)).isNull();
            assertThat(tier.find(200)).isNotNull();
            tier.assertConsistent();
        }
    }

    @Test
    void cleaningUpIsBoundedAndComesRound() {
        int entries = 40_000;
        try (Tier<byte[]> tier = Tier.ofBytes(4, entries, 64)) {
            for (int k = 0; k < entries; k++) {
                tier.fill(k, 1, new byte[8]);
            }
            long held = tier.cache.map.longSize();
            tier.cache.cleanUp(Tier.NOW + 2 * Tier.HOUR);
            long left = tier.cache.map.longSize();
            assertThat(held - left).isBetween(1L, 1L << 14);
            tier.cache.cleanUp(Tier.NOW + 2 * Tier.HOUR);
            tier.cache.cleanUp(Tier.NOW + 2 * Tier.HOUR);
            assertThat(tier.cache.map.longSize()).isZero();
            tier.assertConsistent();
        }
    }

    @Test
    void whatIsKnownToBeExpiredIsEvictedBeforeWhatIsUsed() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 10, 100)) {
            tier.cache.cleanUp(Tier.NOW + 10_000);
            byte[] stored = tier.format.encode(new byte[1]);
            tier.cache.fill(tier.key(1), Entry.value(1, Tier.NOW, Tier.NOW, stored), Admission.ALWAYS);
            for (int k = 2; k <= 10; k++) {
                tier.fill(k, 1, new byte[1]);
            }
            for (int use = 0; use < 3; use++) {
                assertThat(tier.find(1)).isNotNull();
            }
            tier.fill(11, 1, new byte[1]);
            assertThat(tier.find(1)).isNull();
            assertThat(tier.find(2)).isNotNull();
        }
    }

    @Test
    void aCodecGetsAReadOnlyBigEndianViewThatIsEmptyAfterwards() {
        AtomicReference<ByteBuffer> kept = new AtomicReference<>();
        try (Tier<Boolean> tier = tier(view -> {
            kept.set(view);
            assertThat(view.isReadOnly()).isTrue();
            assertThat(view.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            assertThat(view.remaining()).isEqualTo(16 << 10);
            view.order(ByteOrder.LITTLE_ENDIAN).position(view.limit());
            assertThatThrownBy(() -> view.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
            return true;
        })) {
            tier.fill(1, 1, true);
            assertThat(tier.get(1)).isTrue();
            assertThat(tier.get(1)).isTrue();
            ByteBuffer view = kept.get();
            assertThat(view.capacity()).isZero();
            assertThatThrownBy(view::get).isInstanceOf(BufferUnderflowException.class);
            assertThatThrownBy(() -> view.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void aCodecMayReadAnotherCache() {
        try (Tier<byte[]> other = Tier.ofBytes(1, 100, 100);
                Tier<Long> tier = tier(view -> {
                    long before = view.getLong(view.position());
                    assertThat(other.get(7)).containsExactly(1, 2, 3);
                    return before + view.getLong();
                })) {
            other.fill(7, 1, new byte[] {1, 2, 3});
            tier.fill(1, 1, 5L);
            assertThat(tier.get(1)).isZero();
        }
    }

    @Test
    void aFailingCodecIsAMissAndLeavesNoLockBehind() throws Exception {
        try (Tier<Long> tier = tier(view -> {
            throw new IllegalStateException("malformed on purpose");
        })) {
            tier.fill(1, 1, 5L);
            assertThat(tier.get(1)).isNull();
            assertThat(tier.find(1)).isNull();
            Thread writer = new Thread(() -> tier.apply(1, 2, 6L));
            writer.start();
            writer.join(30_000);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void aFailingAdmissionReachesTheCallerAndChangesNothing() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 100, 100)) {
            tier.fill(1, 1, new byte[] {1});
            assertThatThrownBy(() -> tier.cache.apply(tier.key(1), tier.entry(2, new byte[99]), (key, version) -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            assertThat(tier.get(1)).containsExactly(1);
            tier.assertConsistent();
        }
    }

    @Test
    void aTombstoneIsRefused() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 100, 100)) {
            assertThatThrownBy(() -> tier.cache.apply(tier.key(1), Entry.tombstone(3), Admission.ALWAYS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TOMBSTONE");
        }
    }

    @Test
    void readsCopyNothingTheCodecDoesNotTake() {
        try (Tier<Boolean> tier = tier(view -> view.getInt() == 0)) {
            tier.fill(1, 1, true);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            int reads = 20_000;
            for (int i = 0; i < reads; i++) {
                assertThat(tier.get(1)).isTrue();
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            int found = 0;
            for (int i = 0; i < reads; i++) {
                found += Boolean.TRUE.equals(tier.get(1)) ? 1 : 0;
            }
            long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / reads;
            assertThat(found).isEqualTo(reads);
            assertThat(bytes).as("bytes a read, of a value of 16 KiB").isLessThan(200);
        }
    }

    @Test
    void anInterruptedThreadReadsAndWritesAndStaysInterrupted() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 100, 100)) {
            Thread.currentThread().interrupt();
            assertThat(tier.fill(1, 1, new byte[] {1})).isTrue();
            assertThat(tier.get(1)).containsExactly(1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closingWaitsForAReaderInside() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Tier<Long> tier = tier(view -> {
            inside.countDown();
            try {
                assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return view.getLong();
        });
        tier.fill(1, 1, 5L);
        AtomicReference<Long> read = new AtomicReference<>();
        Thread reader = new Thread(() -> read.set(tier.get(1)));
        reader.start();
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(tier::close);
        closer.start();
        while (tier.cache.estimatedSize() != 0) {
            Thread.onSpinWait();
        }
        assertThat(tier.get(1)).isNull();
        assertThat(closer.isAlive()).isTrue();
        go.countDown();
        closer.join(30_000);
        reader.join(30_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(read.get()).isZero();
        assertThat(tier.cache.map.isClosed()).isTrue();
        tier.close();
    }

    @Test
    void twoKeysOfOneMapKeyReplaceEachOther() {
        try (Tier<byte[]> tier = new Tier<>(Codecs.bytes(), 1, 100, 100, 1_000)) {
            tier.fill(1, 5, new byte[] {1});
            EncodedKey collides = CollidingKeys.of(tier.key(1), new byte[] {1, 2, 3});
            assertThat(tier.cache.find(collides)).isNull();
            assertThat(tier.cache.remove(collides, 9)).isFalse();
            assertThat(tier.get(1)).containsExactly(1);
            assertThat(tier.cache.apply(collides, tier.entry(3, new byte[] {2}), Admission.ALWAYS))
                    .isTrue();
            assertThat(tier.get(1)).isNull();
            assertThat(tier.cache.find(collides)).isNotNull();
            tier.assertConsistent();
        }
    }
}
