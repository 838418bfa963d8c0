package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogTopic;
import io.g2cache.spi.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares what the tiers of running nodes hold with each other and with the log. */
@Command(
        name = "audit",
        description =
                "Samples keys from the nodes' local tiers and from the log, and compares the version and value hash that each"
                        + " local tier, the out tier and the log have. What is under way is given time to end.",
        footer =
                "Status: 0 no difference, 1 failed, or a node stopped answering, 2 wrong arguments, 3 differences remain, 130 after Ctrl-C and 143 after"
                        + " SIGTERM, what was found so far being printed.")
final class AuditCommand extends LogSubcommand {
    private static final int DIFFERENCES = 3;
    /** Of a signal, the JVM itself makes the status. */
    private static final int INTERRUPTED = 130;

    private static final int MOST_KEYS = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(1);

    @Option(
            names = "--node",
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Where a node answers audit queries. May be repeated.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token of the nodes' audit servers, if they have one.")
    private @Nullable Path tokenFile;

    @Option(names = "--cache", paramLabel = "NAME", description = "Only this cache.")
    private @Nullable String cache;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "Only this key of --cache, written as --key-codec says; in hex, as the tiers know it, which is its hash"
                            + " where the cache hashes keys.")
    private @Nullable String key;

    @Option(
            names = "--key-codec",
            paramLabel = "CODEC",
            defaultValue = "text",
            completionCandidates = FilterOptions.KeyFormats.class,
            description =
                    "How keys are encoded: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}. Others are shown as 0x...")
    private KeyFormat keyFormat = KeyFormat.TEXT;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "1000",
            description = "About how many keys, half from the nodes and half from the log; default: ${DEFAULT-VALUE}.")
    private int sample = 1_000;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How long a difference must last to count; default: ${DEFAULT-VALUE}.")
    private Duration lasting = Duration.ofSeconds(10);

    @Option(
            names = "--since",
            paramLabel = "TIME|AGO",
            description = "Reads the log from then on only, and knows of no older event.")
    private @Nullable TimePoint since;

    AuditCommand(Session session) {
        super(session);
    }

    /** Runs the command to its end and returns the status of the process. Throws nothing. */
    static int run(Session session, String... args) {
        CommandLine line = new CommandLine(new AuditCommand(session));
        line.setCommandName("g2cache audit");
        return LogCommand.execute(line, session, args);
    }

    @Override
    int run(LogTopic log) {
        byte[] wanted = wantedKey();
        if (sample < 1 || sample > MOST_KEYS) {
            throw wrong("--sample=" + sample + " must be 1 to " + MOST_KEYS);
        }
        if (lasting.toMillis() < 1 || lasting.compareTo(LONGEST) > 0) {
            throw wrong("--for=" + lasting + " must be from PT0.001S to " + LONGEST);
        }
        List<AuditNode> asked = askedNodes();
        log.requireLog();
        Map<AuditNode, AuditNode.About> nodes = new LinkedHashMap<>();
        asked.forEach(node -> nodes.put(node, node.about()));
        int partitions = requireOneLog(log, nodes);
        Set<String> caches = caches(nodes);
        AuditKeys keys =
                new AuditKeys(caches, partitions, wanted == null ? (sample + 1) / 2 : 0, ThreadLocalRandom.current());
        if (wanted != null) {
            caches.forEach(name -> keys.add(name, published(nodes, name, wanted)));
        } else {
            addFromNodes(nodes, caches, keys);
        }
        read(log, partitions, keys);
        AuditRun.Outcome outcome =
                new AuditRun(keys, nodes, lasting, session(), session().stop()::pause).run();
        AuditReport report = new AuditReport(
                nodes, keys, outcome, lasting, keyFormat, session().time().wallMillis());
        if (json()) {
            out().println(Json.document(report.json()));
        } else {
            report.print(out());
        }
        if (outcome.interrupted()) {
            return INTERRUPTED;
        }
        if (report.certain() > 0) {
            return DIFFERENCES;
        }
        return outcome.lost().isEmpty() ? done() : CommandLine.ExitCode.SOFTWARE;
    }

    /** Where the cache hashes keys, only its nodes can tell by what the tiers know this one. */
    private byte[] published(Map<AuditNode, AuditNode.About> nodes, String name, byte[] wanted) {
        if (keyFormat == KeyFormat.HEX) {
            return wanted;
        }
        Set<ByteBuffer> known = new HashSet<>();
        nodes.forEach((node, about) -> {
            if (about.caches().contains(name)) {
                known.add(ByteBuffer.wrap(node.publishedKey(name, wanted)));
            }
        });
        if (known.size() != 1) {
            throw new CliException(
                    "the nodes hash the keys of cache=" + name + " with different secrets, or only some do");
        }
        return known.iterator().next().array();
    }

    private byte @Nullable [] wantedKey() {
        if (key == null) {
            return null;
        }
        if (cache == null) {
            throw wrong("--key needs --cache");
        }
        return FilterOptions.bytes(this, keyFormat, key);
    }

    private List<AuditNode> askedNodes() {
        Stop stop = session().stop();
        String token = "-";
        try {
            if (tokenFile != null) {
                token = Files.readString(tokenFile).strip();
            }
            String used = token;
            return addresses.stream()
                    .distinct()
                    .map(address -> new AuditNode(
                            address, used, new AuditSocket(address, connection().timeout(), stop), stop))
                    .toList();
        } catch (IOException e) {
            throw wrong("--token-file=" + tokenFile + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Versions of two generations cannot be compared. */
    private static int requireOneLog(LogTopic log, Map<AuditNode, AuditNode.About> nodes) {
        String topicId = log.topicId();
        TreeSet<String> generations = new TreeSet<>();
        TreeSet<Integer> counts = new TreeSet<>();
        nodes.forEach((node, about) -> {
            generations.add(about.generation());
            counts.add(about.partitions());
            if (!about.generation().startsWith(topicId + "-")) {
                throw new CliException("node=" + node.address() + " is in generation="
                        + Text.printable(about.generation()) + ", which is none of topic=" + log.name() + ", topicId="
                        + topicId);
            }
        });
        if (generations.size() > 1 || counts.size() > 1) {
            throw new CliException("the nodes are in different generations: " + Text.printable(generations.toString())
                    + ", partitions=" + counts);
        }
        int count = counts.first();
        if (count > log.partitions()) {
            throw new CliException(
                    "the nodes know partitions=" + count + ", topic=" + log.name() + " has " + log.partitions());
        }
        return count;
    }

    private Set<String> caches(Map<AuditNode, AuditNode.About> nodes) {
        TreeSet<String> caches = new TreeSet<>();
        nodes.values().forEach(about -> caches.addAll(about.caches()));
        String only = cache;
        if (only != null) {
            if (!caches.contains(only)) {
                throw new CliException("cache=" + only + " is open on none of the nodes, which have "
                        + Text.printable(caches.toString()));
            }
            caches.retainAll(List.of(only));
        }
        return caches;
    }

    private void addFromNodes(Map<AuditNode, AuditNode.About> nodes, Set<String> caches, AuditKeys keys) {
        int share = sample / 2 / Math.max(1, nodes.size() * caches.size());
        nodes.forEach((node, about) -> caches.stream()
                .filter(about.caches()::contains)
                .forEach(name -> {
                    int left = Math.max(1, share);
                    while (left > 0) {
                        int count = Math.min(left, AuditNode.MOST_SAMPLED);
                        node.sample(name, count).forEach(bytes -> keys.add(name, bytes));
                        left -= count;
                    }
                }));
    }

    private void read(LogTopic log, int partitions, AuditKeys keys) {
        TimePoint begin = since;
        LogPosition start = begin == null
                ? log.startOffsets(partitions)
                : log.offsetsSince(partitions, begin.wallMillis(session().time().wallMillis()));
        Map<Integer, Long> from = new TreeMap<>();
        for (int p = 0; p < partitions; p++) {
            from.put(p, start.offset(p));
        }
        new Reading(log, session(), connection().timeout(), from, null, false)
                .run(
                        found -> {
                            keys.read(found);
                            return true;
                        },
                        done -> {});
    }
}
