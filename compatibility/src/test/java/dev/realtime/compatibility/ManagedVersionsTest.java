package dev.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** The tests beside this one are worth something only on other versions than those that the library is built with. */
class ManagedVersionsTest {

    @Test
    void theVersionsAreThoseThatSpringBootManages() throws IOException {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(expected("spring-boot"));
        assertThat(version("redis.clients", "jedis")).startsWith(expected("jedis"));
        assertThat(version("com.fasterxml.jackson.core", "jackson-databind")).startsWith(expected("jackson"));
        assertThat(ServerInfo.getServerNumber()).startsWith(expected("tomcat"));
    }

    private static String expected(String what) {
        return System.getProperty("expected." + what);
    }

    private static String version(String group, String artifact) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ManagedVersionsTest.class.getResourceAsStream(
                "/META-INF/maven/" + group + "/" + artifact + "/pom.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }
}
