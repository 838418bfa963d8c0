package io.g2cache.it.chaos;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * What a node's process needs to know, as a file. Immutable.
 *
 * @param number of the node, from 1
 * @param life which run of the process, from 1
 * @param namespace of the deployment, also the name of the Hazelcast cluster
 * @param brokers bootstrap servers
 * @param members where the Hazelcast members are: {@code its own address=where to reach it}, separated by commas, or plain
 *     addresses, of which one is used at a time
 * @param directory the node's own
 * @param histories where the histories of all processes are
 * @param url of the database
 * @param password of the database
 * @param seed of the clients' random choices
 * @param role what the node does
 */
record NodeSettings(
        int number,
        int life,
        String namespace,
        String brokers,
        String members,
        Path directory,
        Path histories,
        String url,
        String password,
        long seed,
        Role role) {
    /** Bounds the age of local hits, and of the out tier's values. */
    static final Duration MAX_STALENESS = Duration.ofSeconds(3);

    /** How long a read waits for a token. */
    static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(2);

    /** What a node's process does. */
    enum Role {
        /** It has clients that read and write. */
        WORKER,
        /** The same, but does not hear of half of what the others write: the check must find it. */
        DEAF,
        /** It only tells what the out tier holds. */
        OUT_VIEW
    }

    /** Those of a node's first run; its own directory and all histories are below the one given. */
    static NodeSettings first(
            int number,
            String namespace,
            String brokers,
            String members,
            Path below,
            SqlTruth truth,
            long seed,
            Role role) {
        return new NodeSettings(
                number,
                1,
                namespace,
                brokers,
                members,
                below.resolve("node-" + number),
                below,
                truth.url(),
                truth.password(),
                seed,
                role);
    }

    /** The same for another run of the process. */
    NodeSettings withLife(int next) {
        return new NodeSettings(
                number, next, namespace, brokers, members, directory, histories, url, password, seed, role);
    }

    /** The history of this run. */
    Path history() {
        return histories.resolve("node-" + number + "-" + life + History.SUFFIX);
    }

    /** The log of this run. */
    Path log() {
        return histories.resolve("node-" + number + "-" + life + ".log");
    }

    /** Writes them into the node's directory, and returns the file. */
    Path save() throws IOException {
        Properties all = new Properties();
        all.setProperty("number", "" + number);
        all.setProperty("life", "" + life);
        all.setProperty("namespace", namespace);
        all.setProperty("brokers", brokers);
        all.setProperty("members", members);
        all.setProperty("directory", directory.toString());
        all.setProperty("histories", histories.toString());
        all.setProperty("url", url);
        all.setProperty("password", password);
        all.setProperty("seed", "" + seed);
        all.setProperty("role", role.name());
        Files.createDirectories(directory);
        Path file = directory.resolve("settings-" + life);
        try (Writer out = Files.newBufferedWriter(file)) {
            all.store(out, null);
        }
        return file;
    }

    static NodeSettings load(Path file) throws IOException {
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            all.load(in);
        }
        return new NodeSettings(
                Integer.parseInt(all.getProperty("number")),
                Integer.parseInt(all.getProperty("life")),
                all.getProperty("namespace"),
                all.getProperty("brokers"),
                all.getProperty("members"),
                Path.of(all.getProperty("directory")),
                Path.of(all.getProperty("histories")),
                all.getProperty("url"),
                all.getProperty("password"),
                Long.parseLong(all.getProperty("seed")),
                Role.valueOf(all.getProperty("role")));
    }
}
