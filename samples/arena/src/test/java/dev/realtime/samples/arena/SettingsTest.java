package dev.realtime.samples.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.drain.DrainOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void everySettingHasADefault() {
        Settings settings = Settings.from(Map.of("PORT", " "));
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.metricsPort()).isEqualTo(Settings.NO_PORT);
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.recovery()).isEqualTo(Duration.ofSeconds(120));
        assertThat(settings.drain()).isEqualTo(DrainOptions.DEFAULT);
        assertThat(settings.token()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.randomSecret()).isTrue();
        assertThat(settings.secret().bytes())
                .hasSize(32)
                .isNotEqualTo(Settings.from(Map.of()).secret().bytes());
        assertThat(settings.origins().allows("https://elsewhere.example", "arena.example", true))
                .isFalse();
    }

    @Test
    void theEnvironmentIsRead() {
        Settings settings = Settings.from(Map.of(
                "PORT", "0",
                "METRICS_PORT", "9090",
                "HOST", "0.0.0.0",
                "NODE", "eu-1",
                "JWT_SECRET", "0123456789abcdef0123456789abcdef",
                "TOKEN_MINUTES", "2",
                "RECOVERY_SECONDS", "0",
                "DRAIN_SECONDS", "60",
                "ORIGINS", "https://a.example, https://b.example:8443"));
        assertThat(settings.port()).isZero();
        assertThat(settings.metricsPort()).isEqualTo(9090);
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.node()).isEqualTo("eu-1");
        assertThat(settings.randomSecret()).isFalse();
        assertThat(settings.secret().bytes()).hasSize(32);
        assertThat(settings.token()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.recovery()).isZero();
        assertThat(settings.drain()).isEqualTo(DrainOptions.within(Duration.ofMinutes(1)));
        assertThat(settings.origins().allows("https://b.example:8443", "arena.example", true))
                .isTrue();
        assertThat(settings.origins().allows("https://c.example", "arena.example", true))
                .isFalse();
        assertThat(Settings.from(Map.of("ORIGINS", "*")).origins().allowsAny()).isTrue();
        assertThat(Settings.from(Map.of("DRAIN_SECONDS", "0")).drain().announce())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT             | eighty            | from 0 to 65535",
                "PORT             | 65536             | from 0 to 65535",
                "PORT             | -1                | from 0 to 65535",
                "TOKEN_MINUTES    | 0                 | from 1 to 1440",
                "RECOVERY_SECONDS | 2m                | from 0 to 604800",
                "DRAIN_SECONDS    | 3601              | from 0 to 3600",
                "HOST             | no such host      | 0.0.0.0",
                "NODE             | a<b               | letters",
                "ORIGINS          | localhost         | scheme://host",
                "ORIGINS          | https://a.example,| scheme://host",
            })
    void aBadValueIsNamedWithWhatWouldBeRight(String name, String value, String right) {
        assertThatThrownBy(() -> Settings.from(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name + " is '" + value + "'")
                .hasMessageContaining(right);
    }

    @Test
    void aNodeOfAClusterIsNamedByItsPort() {
        assertThat(Settings.from(Map.of()).redis()).isNull();
        Settings settings = Settings.from(Map.of("REDIS_URL", "redis://localhost:6379", "PORT", "8081"));
        assertThat(settings.redis()).isNotNull();
        assertThat(settings.node()).isEqualTo("arena-8081");
    }

    @Test
    void aBadAddressOfRedisIsRefusedWithoutItsPassword() {
        assertThatThrownBy(() -> Settings.from(Map.of("REDIS_URL", "http://u:hunter2@localhost")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REDIS_URL")
                .hasMessageContaining("redis://localhost:6379")
                .hasMessageNotContaining("hunter2");
        String good = "redis://u:hunter2@localhost:6379";
        assertThat(Settings.from(Map.of("REDIS_URL", good)).toString()).doesNotContain("hunter2");
    }

    @Test
    void aShortSecretIsRefusedAndNeverShown() {
        assertThatThrownBy(() -> Settings.from(Map.of("JWT_SECRET", "hunter2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JWT_SECRET has 7 bytes")
                .hasMessageContaining("at least 32")
                .hasMessageNotContaining("hunter2");
        String secret = "0123456789abcdef0123456789abcdef";
        assertThat(Settings.from(Map.of("JWT_SECRET", secret)).toString()).doesNotContain(secret);
    }
}
