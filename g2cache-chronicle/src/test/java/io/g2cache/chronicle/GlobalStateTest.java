package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.FieldModel;
import net.openhft.chronicle.values.ValueModel;
import net.openhft.chronicle.values.Values;
import org.junit.jupiter.api.Test;

/** Our class in place of the one that Chronicle would generate: the same places, the same limits. */
class GlobalStateTest {
    private static final int BYTES = 25;
    private static final int OFFSET = 8;

    private final BytesStore<?, byte[]> store = BytesStore.wrap(new byte[64]);
    private final VanillaGlobalMutableState state = Values.newNativeReference(VanillaGlobalMutableState.class);

    GlobalStateTest() {
        state.bytesStore(store, OFFSET, BYTES);
    }

    /** Where each field begins, in bits, by Chronicle's own model. */
    private static Map<String, Integer> modelled() throws ReflectiveOperationException {
        ValueModel model = ValueModel.acquire(VanillaGlobalMutableState.class);
        assertThat(model.sizeInBytes()).isEqualTo(BYTES);
        Method offset = ValueModel.class.getDeclaredMethod("fieldBitOffset", FieldModel.class);
        offset.setAccessible(true);
        Map<String, Integer> places = new TreeMap<>();
        for (FieldModel field : model.fields().toList()) {
            places.put(field.name(), (int) offset.invoke(model, field));
        }
        return places;
    }

    private int firstBitSetBy(Consumer<VanillaGlobalMutableState> change) {
        store.zeroOut(0, 64);
        change.accept(state);
        for (int bit = 0; bit < BYTES * 8; bit++) {
            if ((store.readByte(OFFSET + bit / 8) & 1 << bit % 8) != 0) {
                return bit;
            }
        }
        return -1;
    }

    @Test
    void everyFieldLiesWhereChroniclePutsIt() throws Exception {
        assertThat(state.getClass()
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .contains("g2cache-chronicle");
        assertThat(modelled())
                .containsOnly(
                        Map.entry("allocatedExtraTierBulks", firstBitSetBy(s -> s.setAllocatedExtraTierBulks(1))),
                        Map.entry("firstFreeTierIndex", firstBitSetBy(s -> s.setFirstFreeTierIndex(1))),
                        Map.entry("extraTiersInUse", firstBitSetBy(s -> s.setExtraTiersInUse(1))),
                        Map.entry("segmentHeadersOffset", firstBitSetBy(s -> s.setSegmentHeadersOffset(1))),
                        Map.entry("dataStoreSize", firstBitSetBy(s -> s.setDataStoreSize(1))));
    }

    @Test
    void everyFieldKeepsItsLargestValueApartFromTheOthers() {
        long bits40 = (1L << 40) - 1;
        state.setAllocatedExtraTierBulks((1 << 24) - 1);
        state.setExtraTiersInUse(bits40);
        state.setDataStoreSize(Long.MAX_VALUE - 5);
        state.setFirstFreeTierIndex(0);
        state.setSegmentHeadersOffset(0);
        assertThat(state.getAllocatedExtraTierBulks()).isEqualTo((1 << 24) - 1);
        assertThat(state.getExtraTiersInUse()).isEqualTo(bits40);
        assertThat(state.addDataStoreSize(5)).isEqualTo(Long.MAX_VALUE);
        assertThat(state.getDataStoreSize()).isEqualTo(Long.MAX_VALUE);
        state.setFirstFreeTierIndex(bits40);
        state.setSegmentHeadersOffset((1L << 32) - 1);
        state.setAllocatedExtraTierBulks(0);
        state.setExtraTiersInUse(0);
        assertThat(state.getFirstFreeTierIndex()).isEqualTo(bits40);
        assertThat(state.getSegmentHeadersOffset()).isEqualTo((1L << 32) - 1);
        assertThat(state.getAllocatedExtraTierBulks()).isZero();
        assertThat(state.getExtraTiersInUse()).isZero();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> state.setAllocatedExtraTierBulks(1 << 24))
                .hasMessageContaining("allocatedExtraTierBulks=16777216");
        assertThatThrownBy(() -> state.setFirstFreeTierIndex(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> state.setDataStoreSize(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> state.bytesStore(store, 60, BYTES)).isInstanceOf(IllegalArgumentException.class);
        assertThat(state.maxSize()).isEqualTo(BYTES);
        assertThat(state.offset()).isEqualTo(OFFSET);
    }
}
