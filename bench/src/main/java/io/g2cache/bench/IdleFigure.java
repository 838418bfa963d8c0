package io.g2cache.bench;

import io.g2cache.testkit.kafka.KafkaBroker;
import java.util.List;

/** Percent of a core that a node with a log uses while nothing happens. */
final class IdleFigure implements Figure {
    @Override
    public String name() {
        return "an idle node, percent of a core";
    }

    @Override
    public double target() {
        return 1;
    }

    @Override
    public double measure() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            return ChildJvm.run(
                    LogNodeProbe.class,
                    ChildJvm.classPath(),
                    List.of("-Xmx256m"),
                    "idle",
                    broker.bootstrapServers(),
                    "bench-idle")[0];
        }
    }
}
