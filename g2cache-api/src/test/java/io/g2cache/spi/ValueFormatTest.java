package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ValueFormatTest {
    private static final ValueFormat<String> FORMAT = new ValueFormat<>(new Named("string", 0));

    /** Text under any id and fingerprint. */
    private record Named(String id, long fingerprint) implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(ByteBuffer view) {
            return StandardCharsets.UTF_8.decode(view).toString();
        }
    }

    @Test
    void valuesComeBack() {
        assertThat(FORMAT.decode(ByteBuffer.wrap(FORMAT.encode("Köln")))).isEqualTo("Köln");
        assertThat(FORMAT.decode(ByteBuffer.wrap(FORMAT.encode("")))).isEmpty();
    }

    @Test
    void theLayoutIsIdThenFingerprintThenPayload() {
        byte[] stored = new ValueFormat<>(new Named("ab", 0x0102030405060708L)).encode("x");
        assertThat(stored).containsExactly('a', 'b', 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 'x');
        assertThat(ValueFormat.HEADER_BYTES).isEqualTo(stored.length - 1);
    }

    @Test
    void tagsLieBetweenHeaderAndPayload() {
        ValueFormat<String> format = new ValueFormat<>(new Named("ab", 0x0102030405060708L));
        byte[] stored = format.encode("x", new long[] {2, -1});
        byte a = (byte) ('a' | 0x80);
        byte f = -1;
        assertThat(stored)
                .containsExactly(
                        a, 'b', 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 2, 0, 0, 0, 0, 0, 0, 0, 2, f, f, f, f, f, f,
                        f, f, 'x');
        assertThat(ValueFormat.headerBytes(2)).isEqualTo(stored.length - 1);
        assertThat(ValueFormat.headerBytes(0)).isEqualTo(ValueFormat.HEADER_BYTES);
        assertThat(format.decode(ByteBuffer.wrap(stored))).isEqualTo("x");
        assertThat(ValueFormat.tags(ByteBuffer.wrap(stored))).containsExactly(2, -1);
        assertThat(ValueFormat.tags(Entry.value(1, 2, 3, stored))).containsExactly(2, -1);
        assertThat(new ValueFormat<>(new Named("ac", 0x0102030405060708L)).decode(ByteBuffer.wrap(stored)))
                .isNull();
    }

    @Test
    void withoutTagsNothingChanges() {
        byte[] stored = FORMAT.encode("x", new long[0]);
        assertThat(stored).isEqualTo(FORMAT.encode("x"));
        assertThat(ValueFormat.tags(ByteBuffer.wrap(stored))).isNull();
        assertThat(ValueFormat.tags(Entry.value(1, 2, 3, stored))).isNull();
        assertThat(ValueFormat.tags(Entry.absent(1, 2, 3))).isNull();
        Floors askedForNothing = partition -> {
            throw new AssertionError("asked for partition=" + partition);
        };
        assertThat(FORMAT.decode(ByteBuffer.wrap(stored), askedForNothing, 0, 0))
                .isEqualTo("x");
    }

    @Test
    void tooManyTagsAreRefused() {
        assertThat(FORMAT.decode(ByteBuffer.wrap(FORMAT.encode("x", new long[16]))))
                .isEqualTo("x");
        assertThatThrownBy(() -> FORMAT.encode("x", new long[17])).hasMessageContaining("tags=17");
    }

    @Test
    void aValueWhoseTagsAreCutOffIsAMiss() {
        byte[] stored = FORMAT.encode("", new long[] {1, 2, 3});
        for (int length = 0; length < stored.length; length++) {
            assertThat(FORMAT.decode(ByteBuffer.wrap(stored, 0, length)))
                    .as("length=%d", length)
                    .isNull();
            assertThat(ValueFormat.tags(ByteBuffer.wrap(stored, 0, length))).isNull();
        }
        assertThat(FORMAT.decode(ByteBuffer.wrap(stored))).isEmpty();
    }

    @Test
    void aDeadValueIsNotDecoded() {
        byte[] stored = FORMAT.encode("x", new long[] {1, 2});
        Floors floors = new Floors() {
            @Override
            public long floor(int partition) {
                return partition;
            }

            @Override
            public long tagFloor(int partition, long tag) {
                return 10 * tag;
            }
        };
        assertThat(FORMAT.decode(ByteBuffer.wrap(stored), floors, 3, 19)).isNull();
        assertThat(FORMAT.decode(ByteBuffer.wrap(stored), floors, 3, 20)).isEqualTo("x");
        assertThat(FORMAT.decode(ByteBuffer.wrap(stored), floors, 21, 20)).isNull();
    }

    @Test
    void anotherIdOrFingerprintIsAMiss() {
        byte[] stored = FORMAT.encode("x");
        assertThat(new ValueFormat<>(new Named("string2", 0)).decode(ByteBuffer.wrap(stored)))
                .isNull();
        assertThat(new ValueFormat<>(new Named("strin", 0)).decode(ByteBuffer.wrap(stored)))
                .isNull();
        assertThat(new ValueFormat<>(new Named("string", 1)).decode(ByteBuffer.wrap(stored)))
                .isNull();
        assertThat(new ValueFormat<>(Codecs.string()).decode(ByteBuffer.wrap(stored)))
                .isEqualTo("x");
    }

    @Test
    void everyShorterHeaderIsAMiss() {
        byte[] stored = FORMAT.encode("");
        for (int length = 0; length < ValueFormat.HEADER_BYTES; length++) {
            assertThat(FORMAT.decode(ByteBuffer.wrap(stored, 0, length)))
                    .as("length=%d", length)
                    .isNull();
        }
    }

    @Test
    void aViewIsReadFromItsPositionToItsLimit() {
        byte[] stored = FORMAT.encode("inner");
        ByteBuffer direct = ByteBuffer.allocateDirect(stored.length + 7);
        direct.position(3);
        direct.put(stored).limit(3 + stored.length).position(3);
        assertThat(FORMAT.decode(direct)).isEqualTo("inner");
    }

    @Test
    void badIdsAreRefused() {
        for (String id : new String[] {"", "123456789", "with space", "ümlaut", "tab\t"}) {
            assertThatThrownBy(() -> new ValueFormat<>(new Named(id, 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + id + "'");
        }
        assertThat(new ValueFormat<>(new Named("12345678", 0)).codec().id()).isEqualTo("12345678");
    }
}
