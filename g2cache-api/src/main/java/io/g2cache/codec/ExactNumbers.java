package io.g2cache.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads a number of unknown type without changing its value; Jackson asks it for the numbers below {@code Object} too.
 * Stateless and thread-safe.
 */
final class ExactNumbers extends StdScalarDeserializer<Number> {
    private static final long serialVersionUID = 1L;
    private static final int LONG_BITS = 63;

    ExactNumbers() {
        super(Number.class);
    }

    @Override
    public Number deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return integer(parser);
        }
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            return fraction(parser);
        }
        return (Number) context.handleUnexpectedToken(Number.class, parser);
    }

    private static Number integer(JsonParser parser) throws IOException {
        if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        BigInteger big = parser.getBigIntegerValue();
        return big.bitLength() <= LONG_BITS ? (Number) big.longValue() : big;
    }

    /** A double if its shortest text is this number. */
    private static Number fraction(JsonParser parser) throws IOException {
        double nearest = parser.getDoubleValue();
        BigDecimal exact = parser.getDecimalValue();
        boolean same = Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(exact) == 0;
        return same ? (Number) nearest : exact;
    }
}
