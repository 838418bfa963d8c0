package io.g2cache.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Recorded traces that lie in the jar of Caffeine's simulator, whose code is not used. The system property
 * {@code g2cache.bench.traces} names that jar; without it there are none. Thread-safe.
 */
final class PublicTraces {
    /** Names the jar. */
    static final String PROPERTY = "g2cache.bench.traces";

    private static final String FOLDER = "com/github/benmanes/caffeine/cache/simulator/parser/";

    /** Of the LIRS authors' traces, those that go over a part of their keys again and again, alone or mixed with others. */
    private static final Set<String> LOOPS =
            Set.of("backf", "cs", "gli", "loop", "multi1", "multi2", "multi3", "ps", "scan", "zigzag");

    private static final List<String> LIRS = List.of(
            "2_pools", "backf", "cpp", "cs", "gli", "loop", "multi1", "multi2", "multi3", "ps", "scan", "sprite",
            "zigzag");

    private PublicTraces() {}

    /** How the accesses of a file are written. */
    private enum Form {
        /** One decimal number a line. */
        NUMBERS,
        /** The second word of each line, decimal. */
        SECOND_WORDS,
        /** The second word of each line, hexadecimal. */
        ADDRESSES,
        /** A hash in hexadecimal on each line. */
        HASHES,
        /** Four bytes each. */
        INTS,
        /** Eight bytes each. */
        LONGS
    }

    /** Those that are at hand. */
    static List<TraceSource> all() {
        Path jar = jar();
        if (jar == null) {
            return List.of();
        }
        Stream<TraceSource> lirs = LIRS.stream()
                .map(name -> source(
                        jar,
                        "lirs " + name,
                        LOOPS.contains(name) ? TraceSource.LOOP : TraceSource.USUAL,
                        "lirs/" + name + ".trace.gz",
                        Form.NUMBERS));
        Stream<TraceSource> cache2k = Stream.of("orm-busy", "orm-night", "web07", "web12")
                .map(name -> source(jar, name, TraceSource.USUAL, "cache2k/" + name + ".trace.xz", Form.INTS));
        Stream<TraceSource> addresses = Stream.of("gcc", "gzip", "mcf", "swim", "twolf")
                .map(name -> source(
                        jar, "spec " + name, TraceSource.USUAL, "address/" + name + ".trace.gz", Form.ADDRESSES));
        Stream<TraceSource> others = Stream.of(
                source(jar, "cloudphysics w106", TraceSource.USUAL, "cloud_physics/w106.trace.xz", Form.INTS),
                source(jar, "scarab recs", TraceSource.USUAL, "scarab/scarab-recs.trace.xz", Form.LONGS),
                source(jar, "corda", TraceSource.USUAL, "corda/trace_vaultservice.gz", Form.LONGS),
                source(jar, "gradle", TraceSource.USUAL, "gradle/build-cache.xz", Form.HASHES),
                source(jar, "adaptsize", TraceSource.USUAL, "adapt_size/request.trace.xz", Form.SECOND_WORDS));
        return Stream.of(lirs, cache2k, others, addresses)
                .flatMap(sources -> sources)
                .toList();
    }

    private static @Nullable Path jar() {
        String path = System.getProperty(PROPERTY);
        return path == null || !Files.isRegularFile(Path.of(path)) ? null : Path.of(path);
    }

    private static TraceSource source(Path jar, String name, double target, String file, Form form) {
        return new TraceSource(name, target, () -> read(jar, FOLDER + file, form));
    }

    private static long[] read(Path jar, String file, Form form) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(file);
            if (entry == null) {
                throw new IOException("jar=" + jar + " has no file=" + file);
            }
            try (InputStream packed = zip.getInputStream(entry);
                    InputStream in = file.endsWith(".xz") ? new XZInputStream(packed) : new GZIPInputStream(packed)) {
                return parse(in, form);
            }
        }
    }

    /** At most {@link TraceSource#LIMIT} accesses. */
    private static long[] parse(InputStream in, Form form) throws IOException {
        return switch (form) {
            case INTS -> {
                ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(TraceSource.LIMIT * Integer.BYTES));
                int[] ints = new int[bytes.remaining() / Integer.BYTES];
                bytes.asIntBuffer().get(ints);
                yield Arrays.stream(ints).asLongStream().toArray();
            }
            case LONGS -> {
                ByteBuffer bytes = ByteBuffer.wrap(in.readNBytes(TraceSource.LIMIT * Long.BYTES));
                long[] longs = new long[bytes.remaining() / Long.BYTES];
                bytes.asLongBuffer().get(longs);
                yield longs;
            }
            case NUMBERS ->
                lines(in)
                        .filter(line -> !line.startsWith("*"))
                        .mapToLong(Long::parseLong)
                        .toArray();
            case SECOND_WORDS ->
                lines(in).mapToLong(line -> Long.parseLong(secondWord(line))).toArray();
            case ADDRESSES ->
                lines(in).mapToLong(line -> Long.decode(secondWord(line))).toArray();
            case HASHES ->
                lines(in)
                        .mapToLong(line -> Long.parseUnsignedLong(line.substring(0, 16), 16))
                        .toArray();
        };
    }

    private static String secondWord(String line) {
        int start = line.indexOf(' ') + 1;
        int end = line.indexOf(' ', start);
        return line.substring(start, end < 0 ? line.length() : end);
    }

    private static Stream<String> lines(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
                .lines()
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .limit(TraceSource.LIMIT);
    }
}
