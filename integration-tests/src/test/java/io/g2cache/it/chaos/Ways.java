package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Fault.Action;
import io.g2cache.testkit.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Proxies from each of some clients to each of some servers. A proxy is as bad as the worst fault that concerns it. Thread-safe:
 * the monitor orders changes.
 */
final class Ways implements AutoCloseable {
    private final Part.Kind ofClient;
    private final Part.Kind ofServer;
    private final List<List<TcpProxy>> proxies = new ArrayList<>();
    private final Map<Part, Action> faults = new ConcurrentHashMap<>();

    /** Kinds of the parts that stand for all ways of a client, and for all ways to a server. */
    Ways(Part.Kind ofClient, int clients, Part.Kind ofServer, int servers) {
        this.ofClient = ofClient;
        this.ofServer = ofServer;
        for (int i = 0; i < clients; i++) {
            proxies.add(
                    IntStream.range(0, servers).mapToObj(j -> TcpProxy.open()).toList());
        }
    }

    /** The way from a client to a server, both from 1. */
    TcpProxy way(int client, int server) {
        return proxies.get(client - 1).get(server - 1);
    }

    /** Whether it is a part of these ways. */
    boolean has(Part part) {
        return part.kind() == ofClient || part.kind() == ofServer;
    }

    synchronized void inflict(Part part, Action action) {
        faults.put(part, action);
        refresh();
    }

    synchronized void undo(Part part) {
        faults.remove(part);
        refresh();
    }

    private void refresh() {
        for (int i = 0; i < proxies.size(); i++) {
            for (int j = 0; j < proxies.get(i).size(); j++) {
                Action first = faults.get(new Part(ofClient, i + 1));
                Action second = faults.get(new Part(ofServer, j + 1));
                TcpProxy proxy = proxies.get(i).get(j);
                if (first == Action.CUT || second == Action.CUT) {
                    proxy.cut();
                } else if (first != null || second != null) {
                    proxy.hang();
                } else {
                    proxy.pass();
                }
            }
        }
    }

    @Override
    public void close() {
        proxies.forEach(row -> row.forEach(TcpProxy::close));
    }
}
