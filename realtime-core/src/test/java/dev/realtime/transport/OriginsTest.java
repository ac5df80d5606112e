package dev.realtime.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which origins are the same, which may be listed, and what is a page of the server itself. */
final class OriginsTest {

    @ParameterizedTest
    @CsvSource({
        "https://X.example,        https://x.example",
        "https://x.example:443,    https://x.example",
        "https://x.example,        https://x.example:443",
        "http://x.example:80,      http://x.example",
        "wss://x.example,          https://x.example",
        "https://bücher.example,   https://xn--bcher-kva.example",
        "https://*.x.example,      https://play.x.example",
        "https://*.x.example,      https://a.b.X.example:443",
        "http://*.x.example:8080,  http://play.x.example:8080",
        "http://[::1]:8080,        http://[::1]:8080",
        "capacitor://localhost,    capacitor://localhost",
        "chrome-extension://abcdef, chrome-extension://abcdef",
        "file://,                  file://",
        "null,                     null"
    })
    void listedOriginIsAllowed(String listed, String origin) {
        assertThat(Origins.of(listed).allows(origin, "other.example", true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://x.example,     http://x.example",
        "https://x.example,     https://x.example:8443",
        "https://x.example,     https://x.example.evil.example",
        "https://x.example,     https://evil-x.example",
        "https://x.example,     https://x.example@evil.example",
        "https://x.example,     https://evil.example/https://x.example",
        "https://x.example,     null",
        "https://x.example,     file://",
        "https://*.x.example,   https://x.example",
        "https://*.x.example,   https://.x.example",
        "https://*.x.example,   https://evilx.example",
        "https://*.x.example,   http://play.x.example",
        "https://*.x.example,   https://play.x.example:8443",
        "file://,               null",
        "null,                  file://"
    })
    void otherOriginIsNot(String listed, String origin) {
        assertThat(Origins.of(listed).allows(origin, "other.example", true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x.example",
                "https://",
                "https://x.example/",
                "https://x.example/path",
                "https://x.example?query",
                "https://user@x.example",
                "https://x.example:",
                "https://x.example:65536",
                "https://x.*.example",
                "https://*",
                "https://*.",
                "https://*.*.example",
                "https://*x.example",
                " https://x.example"
            })
    void whatIsNoOriginCannotBeListed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Origins.of(text)).withMessageContaining("'" + text + "'");
    }

    @Test
    void aStarIsToldWhatToUse() {
        assertThatIllegalArgumentException().isThrownBy(() -> Origins.of("*")).withMessageContaining("Origins.any()");
    }

    @ParameterizedTest
    @CsvSource({
        "true,  https://game.example, game.example,     true",
        "true,  https://game.example, game.example:443, true",
        "true,  wss://game.example,   game.example:443, true",
        "true,  http://game.example,  game.example,     false",
        "true,  http://game.example:8443, game.example:8443, false",
        "false, http://game.example,  game.example,     true",
        "false, https://game.example, game.example,     true",
        "false, https://game.example, game.example:80,  false",
        "false, http://game.example,  game.example:443, false",
        "false, capacitor://game.example, game.example, false"
    })
    void pageOfTheServerIsJudgedBySchemeHostAndPort(boolean encrypted, String origin, String host, boolean allowed) {
        assertThat(Origins.sameHost().allows(origin, host, encrypted)).isEqualTo(allowed);
    }
}
