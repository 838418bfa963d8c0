package io.g2cache.chronicle;

import io.g2cache.spi.Codec;
import io.g2cache.spi.LocalContext;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a store mean. Those of another identity cannot be read, or have versions that cannot be compared.
 *
 * @param cache name of the cache
 * @param generation the generation of the versions
 * @param partitions partition count of the log
 * @param keyCodec id of the key codec
 * @param keyFingerprint fingerprint of the key codec
 * @param valueCodec id of the value codec
 * @param valueFingerprint fingerprint of the value codec
 */
record StoreIdentity(
        String cache,
        String generation,
        int partitions,
        String keyCodec,
        long keyFingerprint,
        String valueCodec,
        long valueFingerprint) {
    static StoreIdentity of(LocalContext<?, ?> context) {
        Codec<?> keys = context.keyCodec();
        Codec<?> values = context.valueFormat().codec();
        return new StoreIdentity(
                context.cache(),
                context.generation(),
                context.keySpace().partitions(),
                keys.id(),
                keys.fingerprint(),
                values.id(),
                values.fingerprint());
    }

    static StoreIdentity read(DataInput in) throws IOException {
        return new StoreIdentity(
                in.readUTF(), in.readUTF(), in.readInt(), in.readUTF(), in.readLong(), in.readUTF(), in.readLong());
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(cache);
        out.writeUTF(generation);
        out.writeInt(partitions);
        out.writeUTF(keyCodec);
        out.writeLong(keyFingerprint);
        out.writeUTF(valueCodec);
        out.writeLong(valueFingerprint);
    }

    /** How the other one differs from this one; null if it does not. */
    @Nullable
    String difference(StoreIdentity other) {
        if (!cache.equals(other.cache)) {
            return "cache=" + other.cache;
        }
        if (!generation.equals(other.generation)) {
            return "generation=" + other.generation + ", wanted generation=" + generation;
        }
        if (partitions != other.partitions) {
            return "partitions=" + other.partitions + ", wanted partitions=" + partitions;
        }
        if (!keyCodec.equals(other.keyCodec) || keyFingerprint != other.keyFingerprint) {
            return "key codec=" + codec(other.keyCodec, other.keyFingerprint) + ", wanted codec="
                    + codec(keyCodec, keyFingerprint);
        }
        if (!valueCodec.equals(other.valueCodec) || valueFingerprint != other.valueFingerprint) {
            return "value codec=" + codec(other.valueCodec, other.valueFingerprint) + ", wanted codec="
                    + codec(valueCodec, valueFingerprint);
        }
        return null;
    }

    private static String codec(String id, long fingerprint) {
        return id + "/" + Long.toHexString(fingerprint);
    }
}
