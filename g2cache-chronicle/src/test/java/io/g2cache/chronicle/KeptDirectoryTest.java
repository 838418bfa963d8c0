package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.g2cache.TierException;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may open a directory, and which directories are not used. */
@Timeout(120)
class KeptDirectoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Path root() {
        return directory.resolve("root");
    }

    private Path file(String name) {
        return root().resolve(KeptTier.CACHE).resolve(name);
    }

    /** Opens a tier in a JVM of its own and says what came of it. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            KeptTier.Settings settings = KeptTier.in(Path.of(arguments[0]));
            settings.maximumEntries = Long.parseLong(arguments[1]);
            try (KeptTier tier = settings.open()) {
                for (int k = 0; k < 2_000; k++) {
                    tier.fill(k, 1, new byte[50]);
                }
                tier.checkpoint(1, 1);
                System.out.println("OPEN warm=" + (tier.cache.restored() != null) + " held="
                        + (tier.cache.estimatedSize() > 0 && tier.find(1_999) != null));
            } catch (TierException e) {
                System.out.println("REFUSED " + e.getMessage());
            }
        }
    }

    private String openInChild(long entries, String... prefix) throws Exception {
        try (ChildJvm child = ChildJvm.start(List.of(prefix), directory, Opener.class, root(), entries)) {
            return child.await(PATIENCE);
        }
    }

    @Test
    void aSecondTierAndASecondProcessAreRefusedUntilTheFirstIsClosed() throws Exception {
        try (KeptTier tier = KeptTier.in(root()).open()) {
            String name = root().resolve(KeptTier.CACHE).toRealPath().toString();
            assertThatThrownBy(() -> KeptTier.in(root()).open())
                    .isInstanceOf(TierException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("this process");
            // a refusal must not have ended the first one's lock
            assertThat(openInChild(1_000)).contains("REFUSED directory=" + name + " is in use by another process");
            tier.fill(1, 1, new byte[10]);
            tier.checkpoint(5, 0);
        }
        assertThat(openInChild(1_000)).contains("OPEN warm=true");
    }

    @Test
    void cachesOfOneRootAreApart() {
        KeptTier.Settings other = KeptTier.in(root());
        other.cache = "Other_cache.1-x";
        try (KeptTier first = KeptTier.in(root()).open();
                KeptTier second = other.open()) {
            first.fill(1, 1, new byte[1]);
            assertThat(second.find(1)).isNull();
        }
        assertThat(root().resolve("Other_cache.1-x").resolve("header")).isRegularFile();
    }

    @Test
    void onlyTheOwnerMayReadWhatIsKept() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.checkpoint(1, 1);
        tier.close();
        assertThat(modeOf(root())).isEqualTo("rwx------");
        assertThat(modeOf(root().resolve(KeptTier.CACHE))).isEqualTo("rwx------");
        try (var files = Files.list(root().resolve(KeptTier.CACHE))) {
            assertThat(files.toList())
                    .hasSize(5)
                    .allSatisfy(file -> assertThat(modeOf(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void aDirectoryThatOthersMayReadIsClosedToThem() throws Exception {
        Files.createDirectories(root().resolve(KeptTier.CACHE));
        Files.setPosixFilePermissions(root().resolve(KeptTier.CACHE), PosixFilePermissions.fromString("rwxr-xr-x"));
        try (KeptTier tier = KeptTier.in(root()).open()) {
            assertThat(tier.cache.restored()).isNull();
            assertThat(modeOf(root().resolve(KeptTier.CACHE))).isEqualTo("rwx------");
        }
    }

    private static String modeOf(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void namesThatLeaveTheDirectoryAreRefused() {
        for (String name : List.of(".", "..", "a/b", "", "x".repeat(65))) {
            KeptTier.Settings settings = KeptTier.in(root());
            settings.cache = name;
            assertThatThrownBy(settings::open).isInstanceOf(TierException.class).hasMessageContaining("cache=" + name);
        }
        assertThat(root()).doesNotExist();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Files.createFile(root());
        assertThatThrownBy(() -> KeptTier.in(root()).open())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("is not a directory");
        Files.delete(root());
        Files.createDirectories(root());
        Files.createFile(root().resolve(KeptTier.CACHE));
        assertThatThrownBy(() -> KeptTier.in(root()).open())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void aDirectoryThatIsNotWritableIsRefused() throws Exception {
        Files.createDirectories(root().resolve(KeptTier.CACHE));
        var readOnly = PosixFilePermissions.fromString("r-x------");
        Files.setPosixFilePermissions(root().resolve(KeptTier.CACHE), readOnly);
        assumeFalse(Files.isWritable(root().resolve(KeptTier.CACHE)), "this user may write everywhere");
        assertThatThrownBy(() -> KeptTier.in(root()).open())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("not writable");
        readOnly.add(PosixFilePermission.OWNER_WRITE);
        Files.setPosixFilePermissions(root().resolve(KeptTier.CACHE), readOnly);
    }

    /** Keeps an entry, leaves it as a kill does or closed, and says whether it is there for another opening. */
    private boolean isWarm(boolean clean, Consumer<KeptTier.Settings> change) throws Exception {
        Path first = Files.createTempDirectory(directory, "first");
        KeptTier tier = KeptTier.in(first).open();
        tier.fill(1, 1, new byte[10]);
        tier.checkpoint(5, 0);
        Path used = first;
        if (!clean) {
            used = KeptTier.copy(
                    first, Files.createTempDirectory(directory, "copies").resolve("copy"));
        }
        tier.close();
        KeptTier.Settings settings = KeptTier.in(used);
        change.accept(settings);
        boolean warm;
        try (KeptTier again = settings.open()) {
            warm = again.cache.restored() != null;
            assertThat(again.find(1) != null).isEqualTo(warm);
        }
        try (var files = Files.list(used.resolve(KeptTier.CACHE))) {
            assertThat(files).hasSize(5);
        }
        return warm;
    }

    @Test
    void entriesOfAnotherMeaningAreNotUsed() throws Exception {
        assertThat(isWarm(true, settings -> {})).isTrue();
        assertThat(isWarm(true, settings -> settings.generation = "second")).isFalse();
        assertThat(isWarm(true, settings -> settings.partitions = 5)).isFalse();
        assertThat(isWarm(true, settings -> settings.keys = renamed(Codecs.int64(), "other", 0)))
                .isFalse();
        assertThat(isWarm(
                        true,
                        settings -> settings.keys =
                                renamed(Codecs.int64(), Codecs.int64().id(), 1)))
                .isFalse();
        assertThat(isWarm(true, settings -> settings.values = renamed(Codecs.bytes(), "other", 0)))
                .isFalse();
        assertThat(isWarm(
                        true,
                        settings -> settings.values =
                                renamed(Codecs.bytes(), Codecs.bytes().id(), 1)))
                .isFalse();
    }

    @Test
    void entriesOfAnUncleanEndAreUsedOnlyWithinTheSameRunOfTheMachine() throws Exception {
        assertThat(isWarm(false, settings -> {})).isTrue();
        assertThat(isWarm(false, settings -> settings.bootId = "boot-2")).isFalse();
        assertThat(isWarm(false, settings -> settings.bootId = "")).isFalse();
        assertThat(isWarm(true, settings -> settings.bootId = "boot-2")).isTrue();
        assertThat(isWarm(true, settings -> settings.bootId = "")).isTrue();
    }

    @Test
    void anUncleanEndInAnUnknownRunOfTheMachineIsNotUsed() throws Exception {
        KeptTier.Settings settings = KeptTier.in(root());
        settings.bootId = "";
        try (KeptTier tier = settings.open()) {
            tier.checkpoint(5, 0);
            KeptTier.Settings copy = KeptTier.in(KeptTier.copy(root(), directory.resolve("copy")));
            copy.bootId = "";
            try (KeptTier again = copy.open()) {
                assertThat(again.cache.restored()).isNull();
            }
        }
    }

    private static <T> Codec<T> renamed(Codec<T> codec, String id, long fingerprint) {
        return new Codec<>() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public long fingerprint() {
                return fingerprint;
            }

            @Override
            public byte[] encode(T value) {
                return codec.encode(value);
            }

            @Override
            public T decode(ByteBuffer view) {
                return codec.decode(view);
            }
        };
    }

    @Test
    void aHeaderOfAnotherFormatOrOfNoneIsNotUsed() throws Exception {
        byte[] header = keptHeader();
        byte[] formatBefore = header.clone();
        formatBefore[11] = 1;
        byte[] nextFormat = header.clone();
        nextFormat[11] = 3;
        byte[] damaged = header.clone();
        damaged[40] ^= 1;
        for (byte[] bytes : List.of(
                formatBefore,
                nextFormat,
                damaged,
                new byte[0],
                new byte[12],
                new byte[5_000],
                new byte[1 << 20],
                new byte[] {1})) {
            Files.write(file("header"), bytes);
            try (KeptTier tier = KeptTier.in(root()).open()) {
                assertThat(tier.cache.restored()).isNull();
                assertThat(tier.find(1)).isNull();
            }
        }
        for (int length = 0; length < header.length; length++) {
            byte[] cut = Arrays.copyOf(header, length);
            assertThatThrownBy(() -> StoreHeader.decode(cut)).isInstanceOf(UnusableStoreException.class);
        }
        assertThat(StoreHeader.decode(header).clean()).isTrue();
    }

    private byte[] keptHeader() throws Exception {
        try (KeptTier tier = KeptTier.in(root()).open()) {
            tier.fill(1, 1, new byte[10]);
            tier.checkpoint(5, 0);
            assertThat(StoreHeader.decode(Files.readAllBytes(file("header"))).clean())
                    .isFalse();
        }
        return Files.readAllBytes(file("header"));
    }

    @Test
    void aMissingMapOrCheckpointStartsEmpty() throws Exception {
        for (String missing : List.of("map-", "checkpoint-")) {
            keptHeader();
            try (var files = Files.list(root().resolve(KeptTier.CACHE))) {
                for (Path file : files.toList()) {
                    if (file.getFileName().toString().startsWith(missing)) {
                        Files.delete(file);
                    }
                }
            }
            try (KeptTier tier = KeptTier.in(root()).open()) {
                assertThat(tier.cache.restored()).isNull();
            }
        }
    }

    @Test
    void aDiskWithoutRoomLeavesATierInMemory() throws Exception {
        String[] limited = {"sh", "-c", "ulimit -f 4000; exec \"$@\"", "sh"};
        assertThat(openInChild(1_000, limited)).contains("OPEN warm=false held=true");
        assertThat(openInChild(1_000)).contains("OPEN warm=true held=true");
        assertThat(openInChild(1_000_000, limited)).contains("OPEN warm=false held=true");
        try (var files = Files.list(root().resolve(KeptTier.CACHE))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lock");
        }
        assertThat(openInChild(1_000)).contains("OPEN warm=false held=true");
    }
}
