package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.nio.file.Path;

/** Runs in a JVM of its own with the flags that {@link FlagPreflightTest} gives it, and says what came of it. */
final class PreflightProbe {
    private PreflightProbe() {}

    public static void main(String[] arguments) {
        ChronicleLocal provider;
        try {
            ChronicleLocal.Builder builder = ChronicleLocal.builder();
            if (arguments.length > 0) {
                builder.persistTo(Path.of(arguments[0]));
            }
            provider = builder.build();
        } catch (TierException e) {
            System.out.println("REFUSED " + e.getMessage());
            return;
        }
        KeySpace keySpace = new KeySpace("probe", 1);
        ValueFormat<String> format = new ValueFormat<>(Codecs.string());
        try (var cache = provider.open(new LocalContext<>(
                "probe",
                keySpace,
                Codecs.string(),
                format,
                Floors.NONE,
                1_000,
                100,
                1_000,
                false,
                "test",
                TimeSource.SYSTEM))) {
            for (int i = 0; i < 5_000; i++) {
                byte[] key = Codecs.string().encode("key" + i);
                cache.fill(keySpace.key(key), Entry.value(1, 10, 20, format.encode("value" + i)), Admission.ALWAYS);
            }
            System.out.println("READ " + cache.get("key4999", 0) + " analytics off: "
                    + System.getProperty("chronicle.analytics.disable"));
        }
    }
}
