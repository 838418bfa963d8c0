package io.g2cache.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.crypto.KeyRing;
import io.g2cache.spi.Codec;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Write tokens, stored values, the simple codecs and sealed values. */
class TextAndValueDecodersTest extends DecoderFuzz {
    private static final byte[] PLAIN = bytes("a value that is sealed");
    private static final byte[] CONTEXT = bytes("context");
    private static final ValueFormat<String> STORED = new ValueFormat<>(Codecs.string());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected List<Fuzz> decoders() {
        return List.of(
                token(),
                stored(),
                tags(),
                codec("string", Codecs.string(), List.of("", "ulm", "Zürich 🐈", "x".repeat(300))),
                codec("long", Codecs.int64(), List.of(0L, -1L, Long.MAX_VALUE)),
                codec("double", Codecs.float64(), List.of(0.0, -0.0, Double.NaN, Double.MIN_VALUE)),
                codec("uuid", Codecs.uuid(), List.of(new UUID(1, 2), new UUID(-1, -1))),
                codec("bytes", Codecs.bytes(), List.of(new byte[0], new byte[] {1, 2, 3}))
                        .takingAll(),
                sealed(),
                hashedKey());
    }

    private static Fuzz token() {
        List<byte[]> good = List.of(
                bytes("g1.x.0-1"),
                bytes("q1.topic-3_0.5-17_6-999999999999999999"),
                bytes("g1." + "g".repeat(128) + "."),
                bytes(WriteToken.of("gen", Map.of(0, 0L, 999_999_999, 5L)).toString()));
        return Fuzz.of("write token", good, text -> {
                    WriteToken token = WriteToken.parse(new String(text, StandardCharsets.UTF_8));
                    assertThat(WriteToken.parse(token.toString())).isEqualTo(token);
                    assertThat(token.and(token)).isEqualTo(token);
                    return true;
                })
                .mayThrow(IllegalArgumentException.class)
                .allocatingAtMost(64 << 10, 256);
    }

    private static Fuzz stored() {
        List<byte[]> good =
                List.of(STORED.encode("ulm"), STORED.encode(""), STORED.encode("tagged", new long[] {1, -1, 7}));
        return Fuzz.of("stored value", good, stored -> {
                    String value = STORED.decode(ByteBuffer.wrap(stored));
                    if (value != null) {
                        long[] tags = ValueFormat.tags(ByteBuffer.wrap(stored));
                        assertThat(STORED.encode(value, tags == null ? new long[0] : tags))
                                .isEqualTo(stored);
                    }
                    return value != null;
                })
                .mayThrow(IllegalArgumentException.class);
    }

    private static Fuzz tags() {
        List<byte[]> good = List.of(STORED.encode("a", new long[16]), STORED.encode("b", new long[] {5}));
        return Fuzz.of("tags and content hash of a stored value", good, stored -> {
            long[] tags = ValueFormat.tags(ByteBuffer.wrap(stored));
            long hash = ValueFormat.contentHash(stored);
            if (tags != null) {
                assertThat(tags.length).isBetween(1, 16);
                stored[ValueFormat.HEADER_BYTES + 1] ^= 1;
                assertThat(ValueFormat.contentHash(stored))
                        .as("tags do not count")
                        .isEqualTo(hash);
            }
            return tags != null;
        });
    }

    private static <T> Fuzz codec(String name, Codec<T> codec, List<T> values) {
        List<byte[]> good = values.stream().map(codec::encode).toList();
        return Fuzz.of("codec " + name, good, encoded -> {
                    ByteBuffer direct = ByteBuffer.allocateDirect(encoded.length + 1);
                    direct.put((byte) 1).put(encoded).flip().position(1);
                    T value = codec.decode(direct.asReadOnlyBuffer());
                    byte[] again = codec.encode(value);
                    assertThat(codec.identity(codec.decode(ByteBuffer.wrap(again))))
                            .isEqualTo(codec.identity(value));
                    if (!value.equals(Double.NaN)) {
                        assertThat(again).isEqualTo(encoded);
                    }
                    return true;
                })
                .mayThrow(IllegalArgumentException.class);
    }

    private static Fuzz sealed() {
        EncryptionKeys keys = EncryptionKeys.of("first", new byte[16]).plus("second", new byte[32]);
        Encryption first = Encryption.aesGcm(new KeyRing(keys));
        Encryption second = Encryption.aesGcm(new KeyRing(keys.sealingWith("second")));
        List<byte[]> good = List.of(first.seal(PLAIN, CONTEXT), second.seal(PLAIN, CONTEXT));
        return Fuzz.of("sealed value", good, given -> {
                    String id = Encryption.keyId(given);
                    assertThat(id == null || id.chars().allMatch(c -> c > ' ' && c < 0x7F))
                            .isTrue();
                    byte[] opened = first.open(given, CONTEXT);
                    assertThat(opened).isEqualTo(PLAIN);
                    assertThat(good).anyMatch(original -> Arrays.equals(original, given));
                    return true;
                })
                .mayThrow(GeneralSecurityException.class);
    }

    private static Fuzz hashedKey() {
        Codec<String> codec = KeyHasher.hmacSha256(new byte[32]).codec("cities", Codecs.string());
        List<byte[]> good = List.of(codec.encode("a"), codec.encode("b"));
        return Fuzz.of("hashed key", good, hash -> {
                    Object identity = codec.identityOf(ByteBuffer.wrap(hash));
                    assertThat(codec.encodeIdentity(identity)).isEqualTo(hash);
                    return true;
                })
                .takingAll();
    }
}
