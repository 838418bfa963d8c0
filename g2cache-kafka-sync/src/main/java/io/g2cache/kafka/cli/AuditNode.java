package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Asks the audit server of one node; docs/audit.md describes the protocol. Each question has a connection of its own. What the
 * server says is not trusted: answers are bounded in size and time. Used by one thread.
 */
final class AuditNode {
    /** Most keys of one question. */
    static final int MOST_KEYS = 100;

    /** Most keys of one sample. */
    static final int MOST_SAMPLED = 1_000;

    /** Leaves room for the command and the cache's name in a request of 64 KiB. */
    private static final int MOST_KEY_CHARACTERS = 60_000;

    private static final int MAXIMUM_ANSWER = 8 << 20;
    private static final int MOST_CACHES = 10_000;
    private static final int SHOWN_CHARACTERS = 200;

    private final String address;
    private final InetSocketAddress socketAddress;
    private final String token;
    private final Duration timeout;

    /** Where a node answers, and how it is asked. */
    AuditNode(String address, String token, Duration timeout) {
        this.address = address;
        this.socketAddress = parsed(address);
        this.token = token;
        this.timeout = timeout;
    }

    /**
     * What a node says about itself.
     *
     * @param id its id
     * @param state its state
     * @param generation generation of the log that it is in
     * @param partitions partition count of the log
     * @param caches names of its open caches
     */
    record About(String id, String state, String generation, int partitions, Collection<String> caches) {}

    private static InetSocketAddress parsed(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= 0xFFFF) {
                return new InetSocketAddress(address.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            throw refused(address);
        }
        throw refused(address);
    }

    private static IllegalArgumentException refused(String address) {
        return new IllegalArgumentException("--node='" + address + "' must be HOST:PORT");
    }

    String address() {
        return address;
    }

    About about() {
        JsonNode json = ask("node");
        List<String> caches = new ArrayList<>();
        for (JsonNode cache : json.path("caches")) {
            if (caches.size() < MOST_CACHES) {
                caches.add(cache.asText());
            }
        }
        int partitions = json.path("partitions").asInt();
        if (partitions < 1) {
            throw malformed("partitions=" + partitions);
        }
        return new About(
                Text.printable(text(json, "node")),
                Text.printable(text(json, "state")),
                text(json, "generation"),
                partitions,
                caches);
    }

    /** Keys of its local tier. */
    List<byte[]> sample(String cache, int count) {
        List<byte[]> keys = new ArrayList<>();
        for (JsonNode key : ask("sample " + cache + " " + count).path("keys")) {
            if (keys.size() < count) {
                keys.add(hex(key.asText()));
            }
        }
        return keys;
    }

    /** By what the tiers and the log know a key: its hash, where the cache hashes keys. */
    byte[] publishedKey(String cache, byte[] key) {
        JsonNode answer = ask("key " + cache + " " + HexFormat.of().formatHex(key));
        return hex(text(answer, "key"));
    }

    private byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw malformed("key=" + text);
        }
    }

    /** What it holds for each key, in their order. */
    List<AuditedKey> look(String cache, List<EncodedKey> keys) {
        List<AuditedKey> seen = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); ) {
            int to = from + 1;
            int characters = 2 * keys.get(from).bytes().length;
            while (to < keys.size()
                    && to - from < MOST_KEYS
                    && characters + 2 * keys.get(to).bytes().length + 1 < MOST_KEY_CHARACTERS) {
                characters += 2 * keys.get(to++).bytes().length + 1;
            }
            lookAtSome(cache, keys.subList(from, to), seen);
            from = to;
        }
        return seen;
    }

    private void lookAtSome(String cache, List<EncodedKey> keys, List<AuditedKey> seen) {
        String list =
                keys.stream().map(key -> HexFormat.of().formatHex(key.bytes())).collect(Collectors.joining(","));
        JsonNode answers = ask("look " + cache + " " + list).path("keys");
        if (answers.size() != keys.size()) {
            throw malformed("asked for keys=" + keys.size() + ", told of keys=" + answers.size());
        }
        for (int i = 0; i < keys.size(); i++) {
            AuditedKey key = key(answers.get(i));
            if (key.partition() != keys.get(i).partition()) {
                throw malformed("partition=" + key.partition() + " of " + keys.get(i));
            }
            seen.add(key);
        }
    }

    private AuditedKey key(JsonNode json) {
        return new AuditedKey(
                json.path("partition").asInt(-1),
                json.path("position").asLong(),
                json.path("committed").asLong(-1),
                json.path("recent").asLong(Long.MIN_VALUE),
                json.has("local") ? entry(json.path("local")) : null,
                json.has("out") ? entry(json.path("out")) : null);
    }

    private AuditedEntry entry(JsonNode json) {
        try {
            return new AuditedEntry(
                    Entry.Kind.valueOf(text(json, "kind")),
                    json.path("version").asLong(),
                    json.path("softDeadline").asLong(),
                    json.path("hardDeadline").asLong(),
                    json.has("hash")
                            ? OptionalLong.of(HexFormat.fromHexDigitsToLong(text(json, "hash")))
                            : OptionalLong.empty(),
                    json.path("usable").asBoolean());
        } catch (IllegalArgumentException e) {
            throw malformed(json.toString());
        }
    }

    private String text(JsonNode json, String name) {
        String text = json.path(name).asText("");
        if (text.isEmpty()) {
            throw malformed("no " + name);
        }
        return text;
    }

    private JsonNode ask(String command) {
        JsonNode answer;
        try (Socket socket = new Socket()) {
            socket.connect(socketAddress, Math.toIntExact(timeout.toMillis()));
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            socket.getOutputStream()
                    .write(("g2audit/1 " + token + " " + command + "\n").getBytes(StandardCharsets.UTF_8));
            answer = Json.parsed(line(socket.getInputStream()));
        } catch (IOException e) {
            throw new CliException("node=" + address + " does not answer: " + e, e);
        }
        if (answer.has("error")) {
            throw new CliException("node=" + address + " refuses: "
                    + Text.printable(Text.shortened(answer.path("error").asText(), SHOWN_CHARACTERS)));
        }
        return answer;
    }

    private static byte[] line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        while (line.size() < MAXIMUM_ANSWER) {
            int count = input.read(part);
            if (count < 0) {
                throw new IOException("the connection ended before the answer did, bytes=" + line.size());
            }
            line.write(part, 0, count);
            if (part[count - 1] == '\n') {
                return line.toByteArray();
            }
        }
        throw new IOException("the answer has more than bytes=" + MAXIMUM_ANSWER);
    }

    private CliException malformed(String what) {
        return new CliException("node=" + address + " gives a malformed answer: "
                + Text.printable(Text.shortened(what, SHOWN_CHARACTERS)));
    }
}
