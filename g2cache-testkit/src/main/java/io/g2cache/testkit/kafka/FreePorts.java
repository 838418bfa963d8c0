package io.g2cache.testkit.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Finds loopback ports that nobody listens on. They lie below the range from which systems take the ports of outgoing
 * connections: a client that knocks at a dead broker's port in that range may end up connected to itself and so keep the
 * port from the broker.
 */
final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int LAST = 29_999;
    private static final int TRIES = 200;

    private FreePorts() {}

    /** The port given, if it is one. */
    static int checked(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(name + "=" + port + " must be 1 to 65535");
        }
        return port;
    }

    /** A port that was free a moment ago. */
    static int next() {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free loopback port found, first=" + FIRST + ", last=" + LAST + ", tries=" + TRIES);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
