package net.openhft.chronicle.hash;

import net.openhft.chronicle.bytes.BytesStore;
import org.jspecify.annotations.Nullable;

/**
 * The head of a map's memory: numbers that concern all of it. Chronicle looks for a class of exactly this name and only if
 * there is none generates the like and compiles it with javac, which takes about a second at the start of each JVM and needs
 * the module jdk.compiler. Guarded by Chronicle's own lock of that head.
 *
 * <pre>
 *  0       3       8       13      17      25
 * +-------+-------+-------+-------+-------+
 * | bulks | first | tiers | seg-  | size  |   little-endian on every machine that Chronicle runs on
 * |       | free  | used  | ments | in all|
 * +-------+-------+-------+-------+-------+
 * </pre>
 */
public final class VanillaGlobalMutableState$$Native implements VanillaGlobalMutableState {
    private static final int BULKS = 0;
    private static final int FIRST_FREE_TIER = 3;
    private static final int TIERS_IN_USE = 8;
    private static final int SEGMENT_HEADERS = 13;
    private static final int DATA_STORE_SIZE = 17;
    private static final int SIZE = 25;

    private static final long BITS_24 = (1L << 24) - 1;
    private static final long BITS_32 = (1L << 32) - 1;
    private static final long BITS_40 = (1L << 40) - 1;

    private @Nullable BytesStore<?, ?> store;
    private long start;

    /** Called by Chronicle. */
    public VanillaGlobalMutableState$$Native() {}

    private BytesStore<?, ?> open() {
        BytesStore<?, ?> opened = store;
        if (opened == null) {
            throw new IllegalStateException("no memory yet");
        }
        return opened;
    }

    private static void require(long value, long most, String name) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + "=" + value + " must be from 0 to " + most);
        }
    }

    private long getLow40(int at) {
        return open().readLong(start + at) & BITS_40;
    }

    private void setLow40(int at, long value, String name) {
        require(value, BITS_40, name);
        open().writeLong(start + at, (open().readLong(start + at) & ~BITS_40) | value);
    }

    @Override
    public int getAllocatedExtraTierBulks() {
        return open().readInt(start + BULKS) & (int) BITS_24;
    }

    @Override
    public void setAllocatedExtraTierBulks(int value) {
        require(value, BITS_24, "allocatedExtraTierBulks");
        open().writeInt(start + BULKS, (open().readInt(start + BULKS) & ~(int) BITS_24) | value);
    }

    @Override
    public long getFirstFreeTierIndex() {
        return getLow40(FIRST_FREE_TIER);
    }

    @Override
    public void setFirstFreeTierIndex(long value) {
        setLow40(FIRST_FREE_TIER, value, "firstFreeTierIndex");
    }

    @Override
    public long getExtraTiersInUse() {
        return getLow40(TIERS_IN_USE);
    }

    @Override
    public void setExtraTiersInUse(long value) {
        setLow40(TIERS_IN_USE, value, "extraTiersInUse");
    }

    @Override
    public long getSegmentHeadersOffset() {
        return open().readInt(start + SEGMENT_HEADERS) & BITS_32;
    }

    @Override
    public void setSegmentHeadersOffset(long value) {
        require(value, BITS_32, "segmentHeadersOffset");
        open().writeInt(start + SEGMENT_HEADERS, (int) value);
    }

    @Override
    public long getDataStoreSize() {
        return open().readLong(start + DATA_STORE_SIZE);
    }

    @Override
    public void setDataStoreSize(long value) {
        require(value, Long.MAX_VALUE, "dataStoreSize");
        open().writeLong(start + DATA_STORE_SIZE, value);
    }

    @Override
    public long addDataStoreSize(long addition) {
        long sum = getDataStoreSize() + addition;
        setDataStoreSize(sum);
        return sum;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void bytesStore(BytesStore newStore, long offset, long length) {
        if (length != SIZE || offset + length > newStore.capacity()) {
            throw new IllegalArgumentException("offset=" + offset + ", length=" + length + " (must be " + SIZE
                    + "), capacity=" + newStore.capacity());
        }
        store = newStore;
        start = offset;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable BytesStore bytesStore() {
        return store;
    }

    @Override
    public long offset() {
        return start;
    }

    @Override
    public long maxSize() {
        return SIZE;
    }
}
