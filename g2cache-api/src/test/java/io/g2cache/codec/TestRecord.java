package io.g2cache.codec;

import org.apache.avro.Schema;
import org.apache.avro.specific.AvroGenerated;
import org.apache.avro.specific.SpecificRecordBase;

/** What Avro's compiler would generate, cut down to what its runtime needs. */
@AvroGenerated
public final class TestRecord extends SpecificRecordBase {
    private static final long serialVersionUID = 1L;

    /** The schema, found by name. */
    public static final Schema SCHEMA$ = new Schema.Parser().parse("""
                    {"type":"record","name":"TestRecord","namespace":"io.g2cache.codec","fields":[
                      {"name":"id","type":"long"},
                      {"name":"name","type":{"type":"string","avro.java.string":"String"}},
                      {"name":"colour","type":["null",{"type":"enum","name":"TestColour","symbols":["RED","BLUE"]}]},
                      {"name":"next","type":["null","TestRecord"]}]}
                    """);

    private long id;
    private String name = "";
    private TestColour colour;
    private TestRecord next;

    /** Called by Avro. */
    public TestRecord() {}

    TestRecord(long id, String name, TestColour colour, TestRecord next) {
        this.id = id;
        this.name = name;
        this.colour = colour;
        this.next = next;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        return switch (field) {
            case 0 -> id;
            case 1 -> name;
            case 2 -> colour;
            case 3 -> next;
            default -> throw new IndexOutOfBoundsException("field=" + field);
        };
    }

    @Override
    public void put(int field, Object value) {
        switch (field) {
            case 0 -> id = (Long) value;
            case 1 -> name = value.toString();
            case 2 -> colour = (TestColour) value;
            case 3 -> next = (TestRecord) value;
            default -> throw new IndexOutOfBoundsException("field=" + field);
        }
    }
}
