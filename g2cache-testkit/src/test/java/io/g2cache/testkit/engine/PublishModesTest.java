package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.testkit.MemoryLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who takes the value of a put. */
class PublishModesTest {
    private final Rig rig = new Rig();
    private final G2Node writing = rig.withLog();
    private final G2Node reading = rig.start(rig.builder().sync(new MemoryLog(rig.broker)));

    @AfterEach
    void close() {
        rig.close();
    }

    /** What the reader holds of a key that it held before the put, and of one that it did not. */
    private String heldAfterPut(PublishMode mode) {
        CacheSpec<String, String> spec =
                Rig.named("of-" + mode.name()).publish(mode).build();
        G2Cache<String, String> writer = writing.cache(spec);
        G2Cache<String, String> reader = reading.cache(spec);
        assertThat(reader.get("held", key -> "loaded")).isEqualTo("loaded");
        reading.awaitToken(writer.put("held", "put").and(writer.put("other", "put")), Rig.DEADLINE);
        assertThat(writer.get("held")).isEqualTo("put");
        assertThat(writer.get("other")).isEqualTo("put");
        return reader.get("held") + " " + reader.get("other");
    }

    @Test
    void theModeSaysWhoTakesTheValueOfAPut() {
        assertThat(heldAfterPut(PublishMode.INVALIDATE)).isEqualTo("null null");
        assertThat(heldAfterPut(PublishMode.VALUE_TO_HOLDERS)).isEqualTo("put null");
        assertThat(heldAfterPut(PublishMode.VALUE)).isEqualTo("put put");
    }
}
