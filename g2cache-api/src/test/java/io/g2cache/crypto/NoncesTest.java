package io.g2cache.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoncesTest {
    @Test
    void aSpentPrefixIsReplacedAndNoNonceComesTwice() {
        AtomicLong prefix = new AtomicLong();
        Nonces nonces = new Nonces(prefix::incrementAndGet, 1_000);
        List<ByteBuffer> given = IntStream.range(0, 100_000)
                .parallel()
                .mapToObj(i -> ByteBuffer.wrap(nonces.next()))
                .toList();
        Set<ByteBuffer> different = new HashSet<>(given);
        assertThat(different).hasSize(100_000);
        assertThat(different).allSatisfy(nonce -> {
            assertThat(nonce.remaining()).isEqualTo(Nonces.BYTES);
            assertThat(nonce.getLong(0)).isBetween(1L, 100L);
            assertThat(nonce.getInt(8)).isBetween(0, 999);
        });
        assertThat(prefix.get()).isEqualTo(100);
    }
}
