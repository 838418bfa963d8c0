package io.g2cache.it;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process holds that could leak, at one moment. Heap is what is left after a collection.
 *
 * @param seconds when, from the start of the soak
 * @param threads live threads
 * @param heapBytes heap in use
 * @param bufferBytes direct and mapped buffers of the JVM
 * @param offHeapBytes address space that is mapped from the files of the local tiers
 * @param residentBytes anonymous memory of the process that is resident
 * @param openFiles open file descriptors
 * @param mappings entries of the process's memory map
 * @param fileBytes bytes in the nodes' directories
 * @param files files there
 */
record Gauges(
        long seconds,
        long threads,
        long heapBytes,
        long bufferBytes,
        long offHeapBytes,
        long residentBytes,
        long openFiles,
        long mappings,
        long fileBytes,
        long files) {
    static final String HEADER = RecordLine.header(",", Gauges.class);

    /** Of this process and the files below a directory. Collects garbage, which takes some tens of milliseconds. */
    static Gauges take(long seconds, Path directory) throws IOException {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
        long[] sizes = sizes(directory);
        return new Gauges(
                seconds,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                runtime.totalMemory() - runtime.freeMemory(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum(),
                maps.stream()
                        .filter(line -> line.contains(directory.toString()))
                        .mapToLong(Gauges::spanOf)
                        .sum(),
                residentAnonymous(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getOpenFileDescriptorCount(),
                maps.size(),
                Arrays.stream(sizes).sum(),
                sizes.length);
    }

    private static long spanOf(String mapping) {
        String[] ends = mapping.substring(0, mapping.indexOf(' ')).split("-");
        return Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
    }

    private static long residentAnonymous() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            String line = status.filter(text -> text.startsWith("RssAnon:"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
    }

    /** Bytes of each file below a directory; a file may go while this looks. */
    static long[] sizes(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a line of a table. */
    String text() {
        return RecordLine.of(",", this);
    }

    /** What {@link #text} has written. */
    static Gauges parse(String text) {
        return RecordLine.parse(Gauges.class, List.of(text.split(",")));
    }
}
