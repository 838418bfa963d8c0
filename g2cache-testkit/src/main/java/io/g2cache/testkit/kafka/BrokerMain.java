package io.g2cache.testkit.kafka;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Main class of the broker's own JVM: formats the storage where that has not been done, runs the broker, and writes a file
 * once the broker serves. It uses nothing but the JDK, and reaches Kafka by reflection.
 *
 * <p>The parent holds the other end of standard input. However the parent ends, this process then reads the end of the
 * stream, has its directory deleted and halts.
 *
 * <p>Arguments: server properties, cluster id, directory of the broker, file that says that the broker serves.
 */
final class BrokerMain {
    private static final byte RUNNING = 3;
    private static final long READY_POLL_MILLIS = 10;

    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        String properties = args[0];
        String clusterId = args[1];
        Path directory = Path.of(args[2]);
        Path ready = Path.of(args[3]);
        daemon("g2cache-parent-watch", () -> endWithParent(directory));
        if (!Files.exists(directory.resolve("data").resolve("meta.properties"))) {
            format(clusterId, properties);
        }
        daemon("g2cache-ready-watch", () -> announce(ready));
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {properties});
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void format(String clusterId, String properties) throws ReflectiveOperationException {
        String[] command = {"format", "-t", clusterId, "-c", properties, "--ignore-formatted"};
        try {
            Class.forName("kafka.tools.StorageTool")
                    .getMethod("execute", String[].class, PrintStream.class)
                    .invoke(null, command, System.err);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("storage could not be formatted, properties=" + properties, e.getCause());
        }
    }

    private static void endWithParent(Path directory) {
        try {
            while (System.in.read() >= 0) {
                // The parent sends nothing; whatever arrives means nothing.
            }
        } catch (IOException e) {
            System.err.println("standard input is broken, ending: " + e);
        }
        deleteAfterwards(directory);
        Runtime.getRuntime().halt(0);
    }

    /**
     * Leaves the deletion to a shell that outlives this process by a moment: as long as the broker runs it writes new files,
     * and halts when its old ones vanish.
     */
    private static void deleteAfterwards(Path directory) {
        String script = "for i in $(seq 200); do kill -0 $0 2>/dev/null || break; sleep 0.05; done; rm -rf \"$1\"";
        try {
            new ProcessBuilder(
                            "sh",
                            "-c",
                            script,
                            Long.toString(ProcessHandle.current().pid()),
                            directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            System.err.println("could not delete directory=" + directory + ": " + e);
        }
    }

    private static void announce(Path ready) {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            ObjectName state = new ObjectName("kafka.server:type=KafkaServer,name=BrokerState");
            while (!isRunning(beans, state)) {
                Thread.sleep(READY_POLL_MILLIS);
            }
            Files.createFile(ready);
        } catch (JMException | IOException e) {
            System.err.println("readiness is unknown: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isRunning(MBeanServer beans, ObjectName state) throws JMException {
        try {
            return beans.getAttribute(state, "Value") instanceof Number value && value.byteValue() == RUNNING;
        } catch (InstanceNotFoundException e) {
            return false;
        }
    }
}
