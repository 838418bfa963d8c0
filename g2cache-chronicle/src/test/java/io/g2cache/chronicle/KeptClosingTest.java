package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import io.g2cache.spi.LogPosition;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a kept tier may believe of its end, of what was dropped, and of an opening that somebody wants to stop. */
@Timeout(60)
class KeptClosingTest {
    @TempDir
    private Path directory;

    /**
     * A tier that is being closed takes no more removals; then it must take no more checkpoints either, or one runs ahead of
     * what was applied.
     */
    @Test
    void noCheckpointRunsAheadOfWhatATierThatCloseHasRefused() throws Exception {
        KeptTier tier = KeptTier.in(directory).open();
        tier.fill(1, 5, new byte[10]);
        tier.fill(2, 5, new byte[10]);
        tier.checkpoint(6, Long.MIN_VALUE);
        int segment = 0;
        tier.cache.segments[segment].lock().lockRead(false); // some reader, still decoding
        CompletableFuture<Void> closing = CompletableFuture.runAsync(tier::close);
        while (tier.cache.estimatedSize() != 0) { // 0 as soon as the gate is closed
            Thread.onSpinWait();
        }
        assertThat(tier.cache.remove(tier.key(1), 10)).isFalse(); // the tailer applies INVALIDATE(1) at offset 10
        tier.checkpoint(11, Long.MIN_VALUE); // its position moves on, and the housekeeper notes it
        tier.cache.segments[segment].lock().unlockRead();
        closing.get(30, TimeUnit.SECONDS);

        try (KeptTier again = KeptTier.in(directory).open()) {
            boolean replayed = again.restored().checkpoint().position().offset(0) <= 10;
            assertThat(replayed || again.find(1) == null)
                    .as("the invalidation at offset 10 is replayed, or was applied")
                    .isTrue();
        }
    }

    /** What was dropped because the log was truncated must not be held against the log at the next start. */
    @Test
    void whatWasDiscardedIsNoLongerTheNewest() {
        KeptTier tier = KeptTier.in(directory).open();
        tier.fill(1, 5_000, new byte[10]);
        tier.cache.discardAll();
        tier.checkpoint(10, Long.MIN_VALUE);
        tier.close();
        try (KeptTier again = KeptTier.in(directory).open()) {
            assertThat(again.restored().entries()).isZero();
            assertThat(again.restored().newest()).isEqualTo(LogPosition.all(4, Long.MIN_VALUE));
        }
    }

    /** An interrupt while a tier is opened is no reason to delete what was kept. */
    @Test
    void anInterruptDuringTheOpeningKeepsWhatWasThere() {
        KeptTier tier = KeptTier.in(directory).open();
        tier.fill(1, 5, new byte[10]);
        tier.checkpoint(6, Long.MIN_VALUE);
        tier.close();
        KeptTier.Settings interrupted = KeptTier.in(directory);
        interrupted.keys = new InterruptingCodec();
        KeptTier second = interrupted.open();
        assertThat(Thread.interrupted()).isTrue();
        second.close();
        try (KeptTier third = KeptTier.in(directory).open()) {
            assertThat(third.find(1)).isNotNull();
        }
    }

    /** Interrupts whoever made it. */
    private static final class InterruptingCodec implements Codec<Long> {
        private final Codec<Long> codec = Codecs.int64();
        private final Thread maker = Thread.currentThread();

        @Override
        public String id() {
            return codec.id();
        }

        @Override
        public long fingerprint() {
            maker.interrupt();
            return codec.fingerprint();
        }

        @Override
        public byte[] encode(Long value) {
            return codec.encode(value);
        }

        @Override
        public Long decode(ByteBuffer view) {
            return codec.decode(view);
        }
    }
}
