package io.g2cache.kafka.cli;

/**
 * {@code audit}. Ends with 0 if no difference remains, 3 if some do, 1 where something failed, 2 where the arguments are wrong,
 * 130 after Ctrl-C.
 */
public final class AuditMain {
    private AuditMain() {}

    /** Runs the command and ends the JVM. */
    public static void main(String[] args) {
        Main.end(AuditCommand::run, args);
    }
}
