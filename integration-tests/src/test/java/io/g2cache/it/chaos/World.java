package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Fault.Trouble;
import java.util.List;

/** What the nemesis torments: nodes, brokers, members, and the ways between them. Thread-safe, apart for each part. */
interface World extends AutoCloseable {
    int BROKERS = 3;
    int MEMBERS = 2;

    /** What can go wrong here. */
    List<Trouble> troubles();

    /** Lets a fault begin; returns when it has. */
    void inflict(Fault fault) throws Exception;

    /** Undoes a fault; returns when the part is up again, though a node may not be ready yet. */
    void undo(Fault fault) throws Exception;

    /** Starts a node that only tells what the out tier holds. */
    void startOutView() throws Exception;

    @Override
    void close();
}
