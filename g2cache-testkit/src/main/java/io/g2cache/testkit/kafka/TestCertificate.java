package io.g2cache.testkit.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for 127.0.0.1 and localhost that nobody has signed, made by this JDK's {@code keytool}, in a key store; and a
 * trust store that trusts it and nothing else. Both lie in a directory of the caller's, who deletes it. Immutable.
 *
 * @param keyStore key store with the private key, PKCS12
 * @param trustStore trust store, PKCS12
 * @param password password of both, and of the key
 */
public record TestCertificate(Path keyStore, Path trustStore, String password) {
    private static final String ALIAS = "broker";
    private static final String PASSWORD = "not-a-secret";
    private static final int DEADLINE_SECONDS = 60;

    /**
     * Makes a key, a certificate and both stores in a directory. Starts a process, and waits for it at most a minute.
     *
     * @throws IOException if that fails; the message carries the output of {@code keytool}
     */
    public static TestCertificate create(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path keys = directory.resolve("keys.p12");
        Path trust = directory.resolve("trust.p12");
        run(directory.resolve("keytool.log"), keys);
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keys)) {
                own.load(in, PASSWORD.toCharArray());
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
            try (OutputStream out = Files.newOutputStream(trust)) {
                trusted.store(out, PASSWORD.toCharArray());
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the trust store could not be made, directory=" + directory, e);
        }
        return new TestCertificate(keys, trust, PASSWORD);
    }

    private static void run(Path log, Path keys) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-noprompt",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1,dns:localhost",
                        "-validity",
                        "3650",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = keytool.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            keytool.destroyForcibly();
        }
        if (!ended || keytool.exitValue() != 0) {
            throw new IOException("keytool failed, ended=" + ended + ", output: " + Directories.tail(log));
        }
    }

    /** The settings of a client that trusts this certificate and nothing else. */
    public Map<String, String> clientProperties() {
        return Map.of(
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trustStore.toString(),
                "ssl.truststore.password",
                password);
    }
}
