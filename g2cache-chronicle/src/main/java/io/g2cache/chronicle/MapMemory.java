package io.g2cache.chronicle;

import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import net.openhft.chronicle.hash.impl.HashSplitting;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.VanillaChronicleMap;

/**
 * Finds entries where they lie in the map's memory, without a query context of Chronicle, which would cost more than the
 * look-up itself and belongs to one thread. The layout is that of Chronicle's own specification, with one tier a segment.
 *
 * <pre>
 * segment: | hash lookup | counters (64) | free list | entries: chunk 0 | chunk 1 | … |
 * entry:   | map key (8) | size of the value, stop-bit | value |
 * </pre>
 *
 * A place of the hash lookup holds part of a key's hash and the number of the entry's first chunk; a search ends at the
 * first free place. Immutable; what it reads is guarded by the lock of the segment, and must be there: nobody may use it
 * when the map is closed.
 */
final class MapMemory {
    private static final LongHashFunction HASH = LongHashFunction.xx_r39();

    private final long seed;
    private final CompactOffHeapLinearHashTable lookup;
    private final HashSplitting splitting;
    private final long firstSegment;
    private final long segmentBytes;
    private final long entriesOffset;
    private final long chunkBytes;
    private final long alignment;

    /** The memory of an open map whose keys are mixed with the seed. */
    MapMemory(ChronicleMap<Long, byte[]> map, long seed) {
        this.seed = seed;
        VanillaChronicleMap<?, ?, ?> inside = (VanillaChronicleMap<?, ?, ?>) map;
        lookup = inside.hashLookup;
        splitting = inside.hashSplitting;
        firstSegment = inside.segmentBaseAddr(0);
        segmentBytes = inside.tierSize;
        entriesOffset = inside.tierHashLookupOuterSize
                + VanillaChronicleHash.TIER_COUNTERS_AREA_SIZE
                + inside.tierFreeListOuterSize
                + inside.tierEntrySpaceInnerOffset;
        chunkBytes = inside.chunkSize;
        alignment = inside.alignment;
    }

    /** The map's key: the key's hash, mixed so that nobody outside can choose where it lands. */
    long mapKey(long keyHash) {
        long h = keyHash ^ seed;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }

    /** Chronicle's hash of a map key. */
    long hash(long mapKey) {
        return HASH.hashLong(mapKey);
    }

    /** The segment of a map key with this hash. */
    int segment(long hash) {
        return splitting.segmentIndex(hash);
    }

    /** Opens the entry of a map key; false if there is none. */
    boolean open(EntryView view, int segment, long hash, long mapKey) {
        long base = firstSegment + segment * segmentBytes;
        long wanted = lookup.maskUnsetKey(splitting.segmentHash(hash));
        long first = lookup.hlPos(wanted);
        long at = first;
        do {
            long place = lookup.readEntry(base, at);
            if (lookup.empty(place)) {
                return false;
            }
            if (lookup.key(place) == wanted) {
                long entry = base + entriesOffset + lookup.value(place) * chunkBytes;
                if (UnsafeMemory.unsafeGetLong(entry) == mapKey) {
                    openValue(view, entry + EntryLayout.MAP_KEY_BYTES);
                    return true;
                }
            }
            at = lookup.step(at);
        } while (at != first);
        return false;
    }

    private void openValue(EntryView view, long address) {
        long at = address;
        int size = 0;
        int shift = 0;
        byte part;
        do {
            part = UnsafeMemory.unsafeGetByte(at++);
            size |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        view.open(alignment <= 1 ? at : VanillaChronicleMap.alignAddr(at, alignment), size);
    }
}
