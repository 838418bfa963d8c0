package io.g2cache.example.node;

import io.g2cache.G2Node;

/** Chooses the modules of a node. Stateless. */
final class Modules {
    private Modules() {}

    /** A node with all three modules, ready. */
    static G2Node node(NodeOptions options) {
        return G2Node.builder().namespace("demo").build();
    }
}
