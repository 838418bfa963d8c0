package io.g2cache.testkit.kafka;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive of the broker's classes as its JVM has them once it serves (dynamic class data sharing, JEP 350), which takes a
 * third off the time that a start needs. The first broker that is started on a machine with a JDK runs twice, to make it. It
 * lies beside the file of {@link KafkaBrokerClasspath}, named after the JDK and all that is in it; those that it takes the
 * place of are deleted. A JVM that finds an archive unfit goes on without, and so does a broker where none could be made.
 *
 * <p>Thread-safe, also between processes.
 */
final class BrokerArchive {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerArchive.class);
    private static final String MAIN = "BrokerMain.class";

    private static @Nullable BrokerClasses known;

    private BrokerArchive() {}

    /** What brokers started by this JVM load; blocks for as long as a broker takes to start and to end where it is missing. */
    static synchronized BrokerClasses classes() throws IOException, InterruptedException {
        BrokerClasses classes = known;
        if (classes == null) {
            classes = in(KafkaBrokerClasspath.file().resolveSibling("."), KafkaBrokerClasspath.resolve());
            known = classes;
        }
        return classes;
    }

    static BrokerClasses in(Path directory, String jars) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.normalize());
        byte[] main = main();
        Path launcher = home.resolve("kafka-broker-launcher-" + hash(main) + ".jar");
        String prefix = "kafka-broker-" + KafkaBrokerClasspath.KAFKA_VERSION + "-jdk"
                + System.getProperty("java.vm.version").replaceAll("[^A-Za-z0-9.]", "_") + "-";
        try (LockedFile lock = LockedFile.lock(home.resolve("kafka-broker-archive.lock"))) {
            if (lock.isValid() && !Files.exists(launcher)) {
                writeLauncher(launcher, main);
            }
            String classpath = launcher + File.pathSeparator + jars;
            Path archive = home.resolve(prefix + hash(identity(classpath)) + ".jsa");
            if (!Files.exists(archive)) {
                deleteOthers(home, prefix);
                make(archive, classpath);
            }
            return new BrokerClasses(
                    classpath, Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of());
        }
    }

    private static byte[] main() throws IOException {
        try (InputStream in = BrokerMain.class.getResourceAsStream(MAIN)) {
            if (in == null) {
                throw new IOException("resource missing from the test kit, resource=" + MAIN);
            }
            return in.readAllBytes();
        }
    }

    private static void writeLauncher(Path launcher, byte[] main) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            jar.putNextEntry(new JarEntry(BrokerMain.class.getName().replace('.', '/') + ".class"));
            jar.write(main);
        }
        Path partial = Files.write(partial(launcher), bytes.toByteArray());
        Files.move(partial, launcher, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + ".partial");
    }

    /** All that a JVM compares with an archive before it uses it. */
    private static byte[] identity(String classpath) throws IOException {
        StringBuilder text =
                new StringBuilder(System.getProperty("java.home")).append(' ').append(classpath);
        for (String jar : classpath.split(File.pathSeparator, -1)) {
            Path file = Path.of(jar);
            text.append(' ')
                    .append(Files.getLastModifiedTime(file).toMillis())
                    .append(' ')
                    .append(Files.size(file));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String hash(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    private static void deleteOthers(Path home, String prefix) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(home, prefix + "*.jsa*")) {
            for (Path other : others) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static void make(Path archive, String classpath) throws IOException {
        Path partial = partial(archive);
        BrokerClasses archiving = new BrokerClasses(classpath, List.of("-XX:ArchiveClassesAtExit=" + partial));
        try (KafkaBroker broker = KafkaBroker.builder().build(archiving).start()) {
            broker.stop();
            if (Files.exists(partial)) {
                Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
            } else {
                LOG.warn("no archive of the broker's classes was written, log: {}", broker.logTail());
            }
        } catch (IllegalStateException | UncheckedIOException e) {
            LOG.warn("no archive of the broker's classes could be made, brokers start without", e);
        }
    }
}
