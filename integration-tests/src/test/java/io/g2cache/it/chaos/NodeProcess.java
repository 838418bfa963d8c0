package io.g2cache.it.chaos;

import io.g2cache.it.Child;
import java.io.IOException;

/** A node's process, which is started again and again, each time with the next life. Thread-safe: guarded by its monitor. */
final class NodeProcess implements AutoCloseable {
    private NodeSettings settings;
    private Child process;

    private NodeProcess(NodeSettings settings, Child process) {
        this.settings = settings;
        this.process = process;
    }

    /** Starts the first life. */
    static NodeProcess start(NodeSettings settings) throws IOException {
        return new NodeProcess(settings, launch(settings));
    }

    private static Child launch(NodeSettings settings) throws IOException {
        return Child.start(ChaosNode.class, settings.save().toString());
    }

    synchronized void inflict(Fault.Action action) throws IOException, InterruptedException {
        switch (action) {
            case KILL -> process.kill();
            case FREEZE -> process.freeze();
            default -> throw new IllegalArgumentException("action=" + action + " is not for a process");
        }
    }

    synchronized void undo(Fault.Action action) throws IOException, InterruptedException {
        if (action == Fault.Action.FREEZE) {
            process.thaw();
        } else {
            settings = settings.withLife(settings.life() + 1);
            process = launch(settings);
        }
    }

    @Override
    public synchronized void close() {
        process.close();
    }
}
