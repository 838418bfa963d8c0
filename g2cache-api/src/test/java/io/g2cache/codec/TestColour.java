package io.g2cache.codec;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.specific.AvroGenerated;

/** An enum of {@link TestRecord}'s schema, as Avro's compiler would generate it. */
@AvroGenerated
public enum TestColour implements GenericEnumSymbol<TestColour> {
    RED,
    BLUE;

    /** The schema, found by name. */
    public static final Schema SCHEMA$ =
            TestRecord.SCHEMA$.getField("colour").schema().getTypes().get(1);

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }
}
