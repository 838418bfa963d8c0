package io.g2cache.chronicle;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.nio.ByteBuffer;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.Data;
import org.jspecify.annotations.Nullable;

/**
 * An entry on its way into the map: header, key and value are written straight to their place. Used again for the next
 * entry. A sealed one gets its mark when everything else is in place. Not thread-safe.
 */
final class EntryData implements Data<byte[]> {
    private static final byte[] NOTHING = new byte[0];

    private final byte[] header = new byte[EntryLayout.HEADER_BYTES];
    private final ByteBuffer headerView = ByteBuffer.wrap(header);
    private byte[] key = NOTHING;
    private byte[] value = NOTHING;
    private @Nullable Seal seal;

    /**
     * Takes an entry up.
     *
     * @param newSeal seals the entry, if it is to be found again after the process has ended
     */
    EntryData of(EncodedKey newKey, Entry entry, int slot, @Nullable Seal newSeal) {
        key = newKey.bytes();
        byte[] bytes = entry.value();
        value = bytes == null ? NOTHING : bytes;
        EntryLayout.writeHeader(headerView, entry, slot, newKey.partition(), key.length);
        seal = newSeal;
        if (newSeal != null) {
            headerView.putInt(EntryLayout.CHECKSUM, newSeal.checksum(header, key, value));
        }
        return this;
    }

    /** Lets go of key and value. */
    void clear() {
        key = NOTHING;
        value = NOTHING;
    }

    @Override
    public long size() {
        return EntryLayout.size(key.length, value.length);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void writeTo(RandomDataOutput target, long targetOffset) {
        target.write(targetOffset, header, 0, header.length);
        target.write(targetOffset + header.length, key, 0, key.length);
        target.write(targetOffset + header.length + key.length, value, 0, value.length);
        if (seal != null) {
            seal.mark(target, targetOffset);
        }
    }

    @Override
    public RandomDataInput bytes() {
        return BytesStore.wrap(get());
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public byte[] get() {
        return ByteBuffer.allocate(Math.toIntExact(size()))
                .put(header)
                .put(key)
                .put(value)
                .array();
    }

    @Override
    public byte[] getUsing(byte @Nullable [] using) {
        return get();
    }
}
