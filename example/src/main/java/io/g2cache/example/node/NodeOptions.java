package io.g2cache.example.node;

import java.util.List;
import java.util.Map;

/**
 * What a node is told when it starts, as one line of JSON on its standard input. Immutable.
 *
 * @param name name of the node
 * @param index its number, from 0
 * @param httpPort where it answers HTTP
 * @param auditPort where it answers audit queries
 * @param memberPort where its Hazelcast member listens
 * @param members addresses of all Hazelcast members
 * @param cluster name of the Hazelcast cluster
 * @param bootstrapServers addresses of the Kafka brokers
 * @param localDirectory where its local tier keeps its entries
 * @param databaseUrl JDBC URL
 * @param databaseUser user of the database
 * @param databasePassword password of that user
 * @param getsPerSecond load at the start
 * @param updatesPerSecond load at the start
 * @param peers all nodes in the order of their numbers, this one too: name and URL
 */
public record NodeOptions(
        String name,
        int index,
        int httpPort,
        int auditPort,
        int memberPort,
        List<String> members,
        String cluster,
        String bootstrapServers,
        String localDirectory,
        String databaseUrl,
        String databaseUser,
        String databasePassword,
        int getsPerSecond,
        int updatesPerSecond,
        Map<String, String> peers) {

    /** Without the password. */
    @Override
    public String toString() {
        return "NodeOptions[name=" + name + ", httpPort=" + httpPort + ", memberPort=" + memberPort + "]";
    }
}
