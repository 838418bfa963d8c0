package io.g2cache.testkit.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The secured listener: TLS, passwords by SASL/PLAIN, and permissions. Only names that need no quoting. */
final class BrokerSecurity {
    private static final String LISTENER = "listener.name.secured.";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private BrokerSecurity() {}

    /**
     * Adds the settings of the listener SECURED. Whoever comes by another listener is anonymous and may do everything, the
     * brokers among themselves and the tests; a user may do what is explicitly allowed.
     */
    static void add(Properties properties, Map<String, String> users, TestCertificate certificate) {
        properties.setProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.setProperty("super.users", "User:ANONYMOUS");
        properties.setProperty("allow.everyone.if.no.acl.found", "false");
        properties.setProperty(LISTENER + "sasl.enabled.mechanisms", "PLAIN");
        properties.setProperty(
                LISTENER + "plain.sasl.jaas.config",
                LOGIN
                        + users.entrySet().stream()
                                .map(user -> " user_" + user.getKey() + "=\"" + user.getValue() + "\"")
                                .collect(Collectors.joining())
                        + ";");
        properties.setProperty(LISTENER + "ssl.keystore.type", "PKCS12");
        properties.setProperty(
                LISTENER + "ssl.keystore.location", certificate.keyStore().toString());
        properties.setProperty(LISTENER + "ssl.keystore.password", certificate.password());
        properties.setProperty(LISTENER + "ssl.key.password", certificate.password());
    }

    /** What a client of the secured listener needs. */
    static Map<String, String> clientProperties(String user, String password, TestCertificate certificate) {
        Map<String, String> properties = new LinkedHashMap<>(certificate.clientProperties());
        properties.put("security.protocol", "SASL_SSL");
        properties.put("sasl.mechanism", "PLAIN");
        properties.put("sasl.jaas.config", LOGIN + " username=\"" + user + "\" password=\"" + password + "\";");
        return Map.copyOf(properties);
    }
}
