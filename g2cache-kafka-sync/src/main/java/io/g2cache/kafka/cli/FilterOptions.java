package io.g2cache.kafka.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Which records are wanted, and how keys are written. */
final class FilterOptions {
    @Option(names = "--cache", paramLabel = "NAME", description = "Only records of this cache.")
    private @Nullable String cache;

    @Option(names = "--key", paramLabel = "KEY", description = "Only records of this key, written as --key-codec says.")
    private @Nullable String key;

    @Option(
            names = "--key-codec",
            paramLabel = "CODEC",
            defaultValue = "text",
            completionCandidates = KeyFormats.class,
            description =
                    "How keys are encoded: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}. Others are shown as 0x...")
    private KeyFormat keyFormat = KeyFormat.TEXT;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            converter = KindConverter.class,
            completionCandidates = Kinds.class,
            description = "Only records of these kinds: ${COMPLETION-CANDIDATES}. May be repeated.")
    private Set<String> kinds = new LinkedHashSet<>();

    @Option(
            names = "--origin",
            paramLabel = "ID",
            description = "Only records written by this node; the start of its id will do.")
    private @Nullable String origin;

    /** The kinds of events. */
    static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return EventFields.kinds().iterator();
        }
    }

    /** The key formats as users write them. */
    static final class KeyFormats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(KeyFormat.values())
                    .map(format -> format.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    /** Refuses kinds that do not exist. */
    static final class KindConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            String kind = text.toUpperCase(Locale.ROOT);
            if (!EventFields.kinds().contains(kind)) {
                throw new TypeConversionException(
                        "'" + text + "' must be one of " + String.join(", ", EventFields.kinds()));
            }
            return kind;
        }
    }

    KeyFormat keyFormat() {
        return keyFormat;
    }

    /**
     * The filter that the options make.
     *
     * @throws ParameterException if the key is not of its format
     */
    RecordFilter filter(LogSubcommand command) {
        byte[] bytes = key == null ? null : bytes(command, keyFormat, key);
        return new RecordFilter(cache, bytes, Set.copyOf(kinds), origin);
    }

    /**
     * The bytes of a key that an option gives.
     *
     * @throws ParameterException if it is not of its format
     */
    static byte[] bytes(LogSubcommand command, KeyFormat format, String key) {
        try {
            return format.encode(key);
        } catch (IllegalArgumentException e) {
            throw command.wrong("--key='" + key + "' is no " + format.name().toLowerCase(Locale.ROOT)
                    + " (--key-codec): " + e.getMessage());
        }
    }
}
