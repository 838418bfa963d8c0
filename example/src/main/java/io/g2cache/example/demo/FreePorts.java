package io.g2cache.example.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports of the loopback interface, below those that systems give to outgoing connections: one of these could take
 * a port between its choice and its use. Stateless.
 */
final class FreePorts {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int LEAST = 15_000;
    private static final int MOST = 32_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** Different ports that were free a moment ago. */
    static List<Integer> next(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < TRIES && sockets.size() < count; i++) {
                int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
                try {
                    sockets.add(new ServerSocket(port, 1, InetAddress.getByAddress(LOOPBACK)));
                } catch (BindException e) {
                    // taken; the next try is another port
                }
            }
            if (sockets.size() < count) {
                throw new IOException("no " + count + " free ports from " + LEAST + " to " + MOST);
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
