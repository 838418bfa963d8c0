package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The api without Jackson and Avro, in a JVM of its own. */
class OptionalDependenciesTest {
    /** Runs in the child JVM. */
    static final class Child {
        public static void main(String[] args) throws Exception {
            for (String absent :
                    new String[] {"com.fasterxml.jackson.databind.ObjectMapper", "org.apache.avro.Schema"}) {
                try {
                    Class.forName(absent);
                    throw new IllegalStateException(absent + " is on the class path");
                } catch (ClassNotFoundException expected) {
                    System.out.println("absent " + absent);
                }
            }
            var spec = io.g2cache.CacheSpec.builder("c", Codecs.string(), Codecs.int64())
                    .build();
            byte[] bytes = new io.g2cache.spi.ValueFormat<>(spec.valueCodec()).encode(42L);
            Long decoded = new io.g2cache.spi.ValueFormat<>(spec.valueCodec()).decode(ByteBuffer.wrap(bytes));
            System.out.println("decoded " + decoded);
        }
    }

    @Test
    void onlyTheirOwnCodecsNeedJacksonAndAvro() throws Exception {
        String reduced = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !path.contains("jackson") && !path.contains("avro"))
                .collect(Collectors.joining(File.pathSeparator));
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java", "-cp", reduced, "-Xmx64m", Child.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String output = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(output).contains("decoded 42");
            assertThat(child.exitValue()).as(output).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
