package io.g2cache.kafka.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Asks the audit server of one node; docs/audit.md describes the protocol. What the server says is not trusted. Used by one
 * thread.
 */
final class AuditNode {
    /** Most keys of one question. */
    static final int MOST_KEYS = 100;

    /** Most keys of one sample. */
    static final int MOST_SAMPLED = 1_000;

    /** Leaves room for the command and the cache's name in a request of 64 KiB. */
    private static final int MOST_KEY_CHARACTERS = 60_000;

    private static final int MOST_ATTEMPTS = 3;
    private static final long RETRY_MILLIS = 200;
    private static final int MOST_CACHES = 10_000;
    private static final int SHOWN_CHARACTERS = 200;

    private final String address;
    private final String token;
    private final Line line;
    private final Stop stop;

    /**
     * A node that can be asked.
     *
     * @param address how it is called in messages
     */
    AuditNode(String address, String token, Line line, Stop stop) {
        this.address = address;
        this.token = token;
        this.line = line;
        this.stop = stop;
    }

    /** The way to it. */
    @FunctionalInterface
    interface Line {
        /** Sends a line and gives the line that answers it, within a bounded time. */
        byte[] ask(String question) throws IOException;
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

    /**
     * What it holds for each key, in their order.
     *
     * @throws CliException if it does not answer, or is not the one that it was any more: versions of two generations must not
     *     be compared
     */
    List<AuditedKey> look(About about, String cache, List<EncodedKey> keys) {
        List<AuditedKey> seen = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); ) {
            int to = from + 1;
            int characters = 2 * keys.get(from).bytes().length;
            while (to < keys.size()
                    && to - from < MOST_KEYS
                    && characters + 2 * keys.get(to).bytes().length + 1 < MOST_KEY_CHARACTERS) {
                characters += 2 * keys.get(to++).bytes().length + 1;
            }
            lookAtSome(about, cache, keys.subList(from, to), seen);
            from = to;
        }
        return seen;
    }

    private void lookAtSome(About about, String cache, List<EncodedKey> keys, List<AuditedKey> seen) {
        String list =
                keys.stream().map(key -> HexFormat.of().formatHex(key.bytes())).collect(Collectors.joining(","));
        JsonNode answer = ask("look " + cache + " " + list);
        requireSame(about, Text.printable(text(answer, "node")), text(answer, "generation"));
        JsonNode answers = answer.path("keys");
        if (!answers.isArray() || answers.size() != keys.size()) {
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

    private void requireSame(About about, String id, String generation) {
        if (!id.equals(about.id()) || !generation.equals(about.generation())) {
            throw new CliException("node=" + address + " was id=" + about.id() + ", generation="
                    + Text.printable(about.generation()) + ", and now is id=" + id + ", generation="
                    + Text.printable(generation));
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
        JsonNode answer = answer("g2audit/1 " + token + " " + command + "\n");
        if (answer.has("error")) {
            throw new CliException("node=" + address + " refuses: "
                    + Text.printable(Text.shortened(answer.path("error").asText(), SHOWN_CHARACTERS)));
        }
        return answer;
    }

    /** Asks again where that may help: a connection breaks, or a server has too many. */
    private JsonNode answer(String question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Json.parsed(line.ask(question));
            } catch (JsonProcessingException e) {
                throw malformed(e.getOriginalMessage());
            } catch (IOException e) {
                if (attempt == MOST_ATTEMPTS || e instanceof SocketTimeoutException || stop.requested()) {
                    throw new CliException("node=" + address + " does not answer: " + e, e);
                }
                stop.pause(RETRY_MILLIS);
            }
        }
    }

    private CliException malformed(String what) {
        return new CliException("node=" + address + " gives a malformed answer: "
                + Text.printable(Text.shortened(what, SHOWN_CHARACTERS)));
    }
}
