package io.g2cache.chronicle;

import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.Data;
import org.jspecify.annotations.Nullable;

/**
 * A map key that is changed in place, so that look-ups box nothing. It must not change while a query context holds it. Not
 * thread-safe.
 */
final class KeyData implements Data<Long> {
    private long key;

    KeyData of(long newKey) {
        key = newKey;
        return this;
    }

    long key() {
        return key;
    }

    @Override
    public RandomDataInput bytes() {
        BytesStore<?, byte[]> store = BytesStore.wrap(new byte[EntryLayout.MAP_KEY_BYTES]);
        store.writeLong(0, key);
        return store;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long size() {
        return EntryLayout.MAP_KEY_BYTES;
    }

    @Override
    public long hash(LongHashFunction function) {
        return function.hashLong(key);
    }

    @Override
    public boolean equivalent(RandomDataInput source, long sourceOffset) {
        return source.readLong(sourceOffset) == key;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void writeTo(RandomDataOutput target, long targetOffset) {
        target.writeLong(targetOffset, key);
    }

    @Override
    public Long get() {
        return key;
    }

    @Override
    public Long getUsing(@Nullable Long using) {
        return key;
    }
}
