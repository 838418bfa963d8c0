package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyRing;
import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.ValueFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which events an audit takes for the newest of a key. */
class AuditKeysTest {
    private static final String CACHE = "cities";
    private static final String NODE = "node";

    private final byte[] ulm = Codecs.string().encode("ulm");
    private final AuditKeys.Key key = new AuditKeys.Key(CACHE, new KeySpace(CACHE, 1).key(ulm));
    private final byte[] value = new ValueFormat<>(Codecs.string()).encode("value");
    private final AuditKeys keys = new AuditKeys(List.of(CACHE), 1, 0, new Random(1));
    private long offset;

    private void read(Event event) {
        keys.read(new LogRecord(0, offset, 1_000 + offset, 10, ulm, event, null));
        offset++;
    }

    private AuditKeys.Newest newest() {
        return Objects.requireNonNull(keys.newest(key));
    }

    private void put(byte[] stored) {
        read(new Event.Put(CACHE, ulm, NODE, Entry.value(0, 5_000, 6_000, stored)));
    }

    @Test
    void aPutIsKnownByItsHash() {
        keys.add(CACHE, ulm);
        put(value);
        assertThat(Objects.requireNonNull(newest().event().value()).hash()).hasValue(ValueFormat.contentHash(value));
        assertThat(newest().event().version()).isZero();
        assertThat(newest().timeMillis()).isEqualTo(1_000);
    }

    @Test
    void whatChangesNoKeyIsPassedOver() {
        keys.add(CACHE, ulm);
        put(value);
        AuditKeys.Newest before = newest();
        read(new Event.Redo(0, 1, NODE));
        read(new Event.Tag(CACHE, "swabia", NODE));
        read(new Event.Probe(NODE));
        read(new Event.Loaded(CACHE, ulm, NODE, Entry.value(0, 5_000, 6_000, value)));
        read(new Event.Clear("other", NODE));
        read(new Event.Unreadable(null, null, "garbage"));
        assertThat(newest()).isEqualTo(before);
    }

    @Test
    void aClearIsNewerThanWhatItCleared() {
        keys.add(CACHE, ulm);
        put(value);
        read(new Event.Clear(CACHE, NODE));
        assertThat(newest().event().version()).isEqualTo(1);
        assertThat(newest().event().value()).isNull();
        put(value);
        assertThat(newest().event().version()).isEqualTo(2);
        assertThat(newest().event().value()).isNotNull();
    }

    @Test
    void aSealedValueHasNoHash() {
        keys.add(CACHE, ulm);
        Encryption encryption = Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", new byte[32])));
        put(encryption.seal(value, ulm));
        assertThat(Objects.requireNonNull(newest().event().value()).isUnknownValue())
                .isTrue();
    }

    @Test
    void picksNoMoreKeysThanAskedForWithTheNewestEventOfEach() {
        AuditKeys some = new AuditKeys(List.of(CACHE), 1, 10, new Random(1));
        for (int i = 0; i < 1_000; i++) {
            byte[] name = Codecs.string().encode("key-" + i % 100);
            some.read(new LogRecord(0, i, i, 10, name, new Event.Invalidate(CACHE, name, NODE), null));
        }
        assertThat(some.size()).isEqualTo(10);
        some.byCache().get(CACHE).forEach(picked -> {
            AuditKeys.Newest found = Objects.requireNonNull(some.newest(new AuditKeys.Key(CACHE, picked)));
            assertThat(found.event().version()).isGreaterThanOrEqualTo(900);
        });
    }
}
