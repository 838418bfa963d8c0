package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** The page of a node, in a real browser: reads the numbers that a user sees. */
@Tag("slow")
@DisabledIfSystemProperty(named = "g2cache.skipPage", matches = ".*")
class PageIT {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration SOON = Duration.ofSeconds(40);

    @Test
    void showsAllNodesLive() throws Exception {
        Chromium.find();
        try (DemoRun demo = DemoRun.start("--serve")) {
            demo.awaitLine("Ctrl-C ends everything", START);
            String url = demo.lines().stream()
                    .filter(line -> line.contains("serving http"))
                    .map(line -> line.replaceAll(".*serving ", ""))
                    .findFirst()
                    .orElseThrow();
            try (Chromium browser = Chromium.open(url)) {
                showsNumbersOf(browser, List.of("A", "B", "C"));
                goesOn(browser);
                audits(demo);
                browser.screenshot(Path.of("target", "page.png"));
                showsTheDeathOf(demo, browser);
            }
        }
    }

    private static String field(Chromium browser, String node, String field) throws Exception {
        String cell = "document.querySelector('[data-node=\"" + node + "\"][data-field=\"" + field + "\"]')";
        return browser.evaluate(cell + " && " + cell + ".textContent");
    }

    private static double number(Chromium browser, String node, String field) throws Exception {
        String text =
                field(browser, node, field).replace(",", "").replace("%", "").trim();
        assertThat(text).as(field).matches("[0-9.]+");
        return Double.parseDouble(text);
    }

    private static void showsNumbersOf(Chromium browser, List<String> nodes) {
        await().atMost(SOON).untilAsserted(() -> {
            for (String node : nodes) {
                assertThat(field(browser, node, "state")).isEqualTo("READY");
                assertThat(number(browser, node, "getsPerSecond")).isPositive();
                assertThat(number(browser, node, "eventsApplied")).isPositive();
                assertThat(number(browser, node, "p99Micros")).isPositive();
                assertThat(number(browser, node, "auditChecked")).isPositive();
                assertThat(number(browser, node, "auditDifferences")).isZero();
                double rates = number(browser, node, "localHitRate")
                        + number(browser, node, "outHitRate")
                        + number(browser, node, "sourceRate");
                assertThat(rates).isBetween(99.8, 100.2);
            }
        });
    }

    /** The charts are drawn from the same figures, and both go on. */
    private static void goesOn(Chromium browser) throws Exception {
        double events = number(browser, "B", "eventsApplied");
        int polls = Integer.parseInt(browser.evaluate("document.getElementById('updated').dataset.polls"));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(number(browser, "B", "eventsApplied")).isGreaterThan(events);
            assertThat(Integer.parseInt(browser.evaluate("document.getElementById('updated').dataset.polls")))
                    .isGreaterThan(polls + 3);
        });
        assertThat(browser.evaluate("document.querySelectorAll('#rates canvas').length"))
                .isEqualTo("3");
        String points = "Chart.getChart('gets').data.datasets[1].data.filter(v => v > 0).length";
        assertThat(Integer.parseInt(browser.evaluate(points))).isGreaterThan(2);
        assertThat(browser.evaluate("Chart.getChart('lag').data.datasets.length"))
                .isEqualTo("3");
    }

    /** The command that the demo prints finds nothing. */
    private static void audits(DemoRun demo) throws Exception {
        String command = demo.lines().stream()
                .filter(line -> line.contains("audit them with: "))
                .map(line -> line.replaceAll(".*audit them with: ", ""))
                .findFirst()
                .orElseThrow();
        Path output = Path.of("target", "page-audit.txt");
        ProcessBuilder builder = new ProcessBuilder((command + " --sample 500 --for 5s").split(" "))
                .directory(Path.of("").toAbsolutePath().getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_OPTS");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(output).content().containsPattern("differences: 0 of [1-9]\\d+ keys");
    }

    private static void showsTheDeathOf(DemoRun demo, Chromium browser) {
        List<ProcessHandle> nodes = demo.running().stream()
                .filter(process -> process.info().commandLine().orElse("").contains(NodeProcess.NAME_FLAG + "C"))
                .toList();
        assertThat(nodes).hasSize(1);
        nodes.get(0).destroyForcibly();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(field(browser, "A", "state")).isEqualTo("READY");
            assertThat(field(browser, "C", "state")).isEqualTo("DOWN");
            assertThat(field(browser, "C", "getsPerSecond")).isEqualTo("–");
        });
    }
}
