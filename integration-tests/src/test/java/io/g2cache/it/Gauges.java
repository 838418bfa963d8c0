package io.g2cache.it;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    static final String HEADER = "seconds,threads,heap_bytes,buffer_bytes,off_heap_bytes,resident_bytes,open_files,"
            + "mappings,file_bytes,files";

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

    /** A file may go while this looks. */
    private static long[] sizes(Path directory) {
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
        return String.join(
                ",",
                Stream.of(
                                seconds,
                                threads,
                                heapBytes,
                                bufferBytes,
                                offHeapBytes,
                                residentBytes,
                                openFiles,
                                mappings,
                                fileBytes,
                                files)
                        .map(String::valueOf)
                        .toList());
    }

    /** What {@link #text} has written. */
    static Gauges parse(String text) {
        List<Long> numbers = new ArrayList<>();
        for (String number : text.split(",")) {
            numbers.add(Long.parseLong(number));
        }
        return new Gauges(
                numbers.get(0),
                numbers.get(1),
                numbers.get(2),
                numbers.get(3),
                numbers.get(4),
                numbers.get(5),
                numbers.get(6),
                numbers.get(7),
                numbers.get(8),
                numbers.get(9));
    }
}
