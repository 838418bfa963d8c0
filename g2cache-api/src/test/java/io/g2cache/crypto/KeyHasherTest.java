package io.g2cache.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyHasherTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final KeyHasher hasher = KeyHasher.hmacSha256(SECRET);
    private final Codec<String> codec = hasher.codec("users", Codecs.string());

    @Test
    void aHashIsTheMacOfKindCacheAndKey() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] expected = mac.doFinal("\0\5userskey".getBytes(StandardCharsets.US_ASCII));
        assertThat(codec.encode("key")).isEqualTo(expected).hasSize(KeyHasher.HASH_BYTES);
        assertThat(hasher.keys("users").apply("key".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(expected);
        byte[] tag = mac.doFinal("\1\5userskey".getBytes(StandardCharsets.US_ASCII));
        assertThat(hasher.tag("users", "key")).isEqualTo(HexFormat.of().formatHex(tag));
    }

    @Test
    void cachesSecretsAndKeysAreToldApart() {
        byte[] other = SECRET.clone();
        other[31]++;
        List<byte[]> hashes = List.of(
                codec.encode("a"),
                codec.encode("b"),
                hasher.codec("users2", Codecs.string()).encode("a"),
                hasher.codec("user", Codecs.string()).encode("sa"),
                KeyHasher.hmacSha256(other).codec("users", Codecs.string()).encode("a"));
        assertThat(hashes.stream().map(ByteBuffer::wrap)).doesNotHaveDuplicates();
        assertThat(KeyHasher.hmacSha256(other).codec("users", Codecs.string()).fingerprint())
                .isNotEqualTo(codec.fingerprint());
        assertThat(hasher.codec("users", Codecs.int64()).fingerprint()).isNotEqualTo(codec.fingerprint());
        assertThat(KeyHasher.hmacSha256(SECRET).codec("users", Codecs.string()).fingerprint())
                .isEqualTo(codec.fingerprint());
    }

    @Test
    void theCodecWritesIntoArraysAndFindsButDoesNotDecode() {
        byte[] target = new byte[40];
        assertThat(codec.encodeInto("key", target)).isEqualTo(32);
        byte[] hash = Arrays.copyOf(target, 32);
        assertThat(hash).isEqualTo(codec.encode("key"));
        assertThat(codec.encodeInto("key", new byte[31])).isEqualTo(-1);
        assertThat(codec.identity("key"))
                .isEqualTo(codec.identityOf(ByteBuffer.wrap(hash)))
                .isNotEqualTo(codec.identity("other"));
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(hash))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void manyThreadsMayHashAtOnce() {
        List<byte[]> expected =
                IntStream.range(0, 1_000).mapToObj(i -> codec.encode("key" + i)).toList();
        IntStream.range(0, 20_000)
                .parallel()
                .forEach(i -> assertThat(codec.encode("key" + i % 1_000)).isEqualTo(expected.get(i % 1_000)));
    }

    @Test
    void aShortSecretIsRefusedAndNoneIsShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyHasher.hmacSha256(new byte[31]))
                .withMessage("the secret has bytes=31, which must be at least 32");
        assertThat(hasher).hasToString("KeyHasher[HmacSHA256]");
    }
}
