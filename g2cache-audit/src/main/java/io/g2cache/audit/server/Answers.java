package io.g2cache.audit.server;

import io.g2cache.G2CacheException;
import io.g2cache.G2Node;
import io.g2cache.NodeStatus;
import io.g2cache.audit.AuditView;
import io.g2cache.audit.AuditedEntry;
import io.g2cache.audit.AuditedKey;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answers: {@code g2audit/1 TOKEN COMMAND ARGUMENT...}. Thread-safe. A request that is wrong in any way gets an
 * error, which tells nothing to a caller without the token. Each has a deadline, which user code that runs past it can break:
 * codecs of keys and values are called here.
 */
final class Answers {
    /** Most keys of one look. */
    static final int MOST_KEYS = 100;

    /** Most keys of one sample. */
    static final int MOST_SAMPLED = 1_000;

    /** Left for the answer to be written and taken. */
    private static final long ANSWERING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final String PROTOCOL = "g2audit/1";
    private static final String NO_TOKEN = "-";
    private static final HexFormat HEX = HexFormat.of();

    private final G2Node node;
    private final byte @Nullable [] token;
    private final TimeSource time;
    private final Warnings warnings;

    Answers(G2Node node, byte @Nullable [] token, TimeSource time) {
        this.node = node;
        this.token = token;
        this.time = time;
        this.warnings = new Warnings(time);
    }

    /** Throws nothing. The answer is there before the deadline, of the monotonic clock, unless a codec takes longer. */
    Answer to(String request, long deadlineNanos) {
        String[] words = request.split(" ", -1);
        if (words.length < 3 || !words[0].equals(PROTOCOL)) {
            return Answer.error("a request is '" + PROTOCOL + " TOKEN COMMAND ...', in at most "
                    + Connection.MAXIMUM_REQUEST + " bytes");
        }
        if (!isAllowed(words[1])) {
            return Answer.error("not allowed");
        }
        try {
            return Answer.of(answer(words, deadlineNanos));
        } catch (IllegalArgumentException | G2CacheException e) {
            return Answer.error(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            warnings.warn("an audit query failed", e);
            return Answer.error("failed");
        }
    }

    private boolean isAllowed(String given) {
        byte[] secret = token;
        return secret == null
                ? given.equals(NO_TOKEN)
                : MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }

    private JsonText answer(String[] words, long deadlineNanos) {
        return switch (words[2]) {
            case "node" -> node(words);
            case "sample" -> sample(words);
            case "key" -> key(words);
            case "look" -> look(words, deadlineNanos);
            default -> throw new IllegalArgumentException("the commands are node, sample, key and look");
        };
    }

    private JsonText node(String[] words) {
        requireArguments(words, 0, "node");
        AuditView view = node.audit();
        NodeStatus status = node.status();
        return new JsonText()
                .put("node", node.id())
                .put("state", status.state().name())
                .put("lagEvents", status.lagEvents())
                .put("lagMillis", status.lagMillis())
                .put("generation", view.generation())
                .put("partitions", view.partitions())
                .putStrings("caches", view.caches());
    }

    private JsonText sample(String[] words) {
        requireArguments(words, 2, "sample CACHE COUNT");
        int count = number(words[4]);
        if (count < 1 || count > MOST_SAMPLED) {
            throw new IllegalArgumentException("count=" + count + " must be from 1 to " + MOST_SAMPLED);
        }
        List<String> keys = node.audit().sample(words[3], count).stream()
                .map(HEX::formatHex)
                .toList();
        return new JsonText().putStrings("keys", keys);
    }

    private JsonText key(String[] words) {
        requireArguments(words, 2, "key CACHE KEY");
        return new JsonText().put("key", HEX.formatHex(node.audit().publishedKey(words[3], bytes(words[4]))));
    }

    private JsonText look(String[] words, long deadlineNanos) {
        requireArguments(words, 2, "look CACHE KEY,KEY,...");
        String[] keys = words[4].split(",", -1);
        if (keys.length > MOST_KEYS) {
            throw new IllegalArgumentException("keys=" + keys.length + " must be at most " + MOST_KEYS);
        }
        AuditView view = node.audit();
        String generation = view.generation();
        List<CompletableFuture<AuditedKey>> looks = new ArrayList<>();
        for (String key : keys) {
            if (left(deadlineNanos) <= 0) {
                throw new IllegalArgumentException("no time left after keys=" + looks.size() + " of " + keys.length);
            }
            looks.add(view.look(words[3], bytes(key)));
        }
        await(looks, left(deadlineNanos));
        if (!view.generation().equals(generation)) {
            throw new IllegalArgumentException("the node has left generation=" + generation);
        }
        return new JsonText()
                .put("node", node.id())
                .put("generation", generation)
                .putObjects(
                        "keys", looks.stream().map(look -> json(look.join())).toList());
    }

    private static byte[] bytes(String key) {
        byte[] bytes = HEX.parseHex(key);
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a key is empty");
        }
        return bytes;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the count is no number", e);
        }
    }

    private static void requireArguments(String[] words, int count, String form) {
        if (words.length != 3 + count) {
            throw new IllegalArgumentException("the form is '" + form + "'");
        }
    }

    private long left(long deadlineNanos) {
        return deadlineNanos - time.monotonicNanos() - ANSWERING_NANOS;
    }

    private void await(List<CompletableFuture<AuditedKey>> looks, long nanos) {
        try {
            CompletableFuture.allOf(looks.toArray(CompletableFuture<?>[]::new)).get(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the node is closing", e);
        } catch (TimeoutException e) {
            throw new IllegalArgumentException("no answer of the tiers in time, keys=" + looks.size(), e);
        } catch (ExecutionException e) {
            warnings.warn("an audit query failed", e);
            throw new IllegalArgumentException("the tiers failed: " + e.getCause(), e);
        }
    }

    private static JsonText json(AuditedKey seen) {
        JsonText json = new JsonText()
                .put("partition", seen.partition())
                .put("position", seen.position())
                .put("committed", seen.committed());
        if (seen.recent() != Long.MIN_VALUE) {
            json.put("recent", seen.recent());
        }
        AuditedEntry local = seen.local();
        if (local != null) {
            json.put("local", json(local));
        }
        AuditedEntry out = seen.out();
        if (out != null) {
            json.put("out", json(out));
        }
        return json;
    }

    private static JsonText json(AuditedEntry entry) {
        JsonText json = new JsonText()
                .put("kind", entry.kind().name())
                .put("version", entry.version())
                .put("softDeadline", entry.softDeadline())
                .put("hardDeadline", entry.hardDeadline())
                .put("usable", entry.isUsable());
        entry.hash().ifPresent(hash -> json.put("hash", HEX.toHexDigits(hash)));
        return json;
    }
}
