package io.g2cache.codec;

import io.g2cache.spi.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's binary encoding of records of one schema. Needs {@code avro} on the class path.
 *
 * <p>The fingerprint is that of the schema's parsing canonical form, plus its logical types and other properties: bytes
 * that another schema wrote are a miss; schemas are not resolved against each other.
 *
 * <p>Specific records need no trusted packages ({@code org.apache.avro.SERIALIZABLE_PACKAGES}): only the classes that the
 * given class itself names in its schema are ever instantiated, and the bytes name none.
 *
 * <p>Usable for keys: entries of maps are written in the order of their keys. Immutable and thread-safe: reader and writer
 * of Avro may be shared, and encoder and decoder are made for each call.
 *
 * @param <T> the type of the records
 */
@SuppressWarnings("exports") // the dependency is optional, so its module is not passed on
public final class AvroCodec<T extends IndexedRecord> implements Codec<T> {
    private static final String ID = "avro";
    private static final int USUAL_BYTES = 256;

    private final Schema schema;
    private final long fingerprint;
    private final DatumWriter<T> writer;
    private final DatumReader<T> reader;

    private AvroCodec(Schema schema, DatumWriter<T> writer, DatumReader<T> reader) {
        this.schema = schema;
        this.fingerprint = AvroShape.fingerprint(schema);
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * The codec of the generic records of a schema. Text in decoded records is {@code Utf8}, unless the schema asks for
     * {@code String} by {@code avro.java.string}.
     *
     * @throws IllegalArgumentException if the schema is not that of a record
     */
    public static AvroCodec<GenericRecord> generic(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException("schema type=" + schema.getType() + " must be RECORD");
        }
        GenericData data = new GenericData();
        data.setFastReaderEnabled(false);
        return new AvroCodec<>(
                schema, new SortedMapWriter<>(schema, data), new GenericDatumReader<>(schema, schema, data));
    }

    /**
     * The codec of a generated class.
     *
     * @throws IllegalArgumentException if the class, or one that its schema names, cannot be used
     */
    public static <T extends SpecificRecord> AvroCodec<T> specific(Class<T> type) {
        OwnClasses data = OwnClasses.of(type);
        Schema schema = data.schema();
        return new AvroCodec<>(
                schema, new SortedMapWriter.Specific<>(schema, data), new SpecificDatumReader<>(schema, schema, data));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }

    @Override
    public byte[] encode(T value) {
        if (!value.getSchema().equals(schema)) {
            throw new IllegalArgumentException("record of schema "
                    + value.getSchema().getFullName() + " does not have the very schema of " + this);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            writer.write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("record of " + this + " is nested too deeply", e);
        }
        return bytes.toByteArray();
    }

    @Override
    @SuppressWarnings("NullAway") // Avro's reader takes null for "no record to reuse"
    public T decode(ByteBuffer view) {
        int length = view.remaining();
        BoundedDecoder decoder = new BoundedDecoder(view);
        T value;
        try {
            value = reader.read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + this + " from bytes=" + length, e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(this + " in bytes=" + length + " is nested too deeply", e);
        }
        if (decoder.remainingBytes() != 0) {
            throw new IllegalArgumentException(
                    this + " in bytes=" + length + " is followed by bytes=" + decoder.remainingBytes());
        }
        return value;
    }

    @Override
    public String toString() {
        return "AvroCodec[" + schema.getFullName() + "]";
    }
}
