package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is, judged by what proxies say; no network. */
class TrustedProxiesTest {
    private static final TrustedProxies X = TrustedProxies.xForwarded("10.0.0.0/8", "2001:db8:1::/48");
    private static final TrustedProxies STANDARD = TrustedProxies.forwarded("10.0.0.0/8", "2001:db8:1::/48");
    private static final String PROXY = "10.0.0.1";

    private static ClientAddress x(String peer, String... chain) {
        return X.client(Map.of("x-forwarded-for", List.of(chain)), peer, false);
    }

    private static ClientAddress standard(String... lines) {
        return STANDARD.client(Map.of("forwarded", List.of(lines)), PROXY, false);
    }

    // ---------------------------------------------------------------- who is listed

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.7",
                "10.0.0.0/8",
                "0.0.0.0/0",
                "255.255.255.255/32",
                "::1",
                "::/0",
                "2001:db8::/32",
                "2001:db8:0:0:0:0:0:1",
                "::ffff:10.0.0.0/104",
                "::ffff:10.0.0.1",
                "64:ff9b::192.0.2.0/120",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8"
            })
    void addressesAndNetworksAreTaken(String network) {
        TrustedProxies.xForwarded(network);
        TrustedProxies.forwarded(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "proxy.example",
                "*",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10.0.0",
                "10.0.0.0.0",
                "010.0.0.1",
                "256.0.0.1",
                "1.2.3.4 ",
                "0x7f.0.0.1",
                "10.0.0.1:80",
                "2001:db8::/129",
                "2001:db8::1/32",
                "2001:db8:::1",
                "1::2::3",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "[::1]",
                "fe80::1%eth0",
                "::ffff:10.0.0.0/80",
                "::ffff:300.0.0.1",
                "1.2.3.4::",
                "１.2.3.4"
            })
    void whatIsNeitherIsRefusedByItsName(String network) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedProxies.xForwarded("192.0.2.7", network))
                .withMessageContaining("'" + network + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> TrustedProxies.forwarded(network));
    }

    @Test
    void bitsBehindThePrefixAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedProxies.xForwarded("10.1.2.3/9"))
                .withMessageContaining("10.0.0.0/9");
        assertThatIllegalArgumentException().isThrownBy(TrustedProxies::xForwarded);
        assertThatIllegalArgumentException().isThrownBy(TrustedProxies::forwarded);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,            10.255.255.255,         true",
        "10.0.0.0/8,            11.0.0.0,               false",
        "10.0.0.0/9,            10.127.0.1,             true",
        "10.0.0.0/9,            10.128.0.1,             false",
        "10.0.0.1,              10.0.0.1,               true",
        "10.0.0.1,              10.0.0.2,               false",
        "10.0.0.0/8,            ::ffff:10.2.3.4,        true",
        "::ffff:10.0.0.0/104,   10.2.3.4,               true",
        "::/0,                  10.2.3.4,               false",
        "0.0.0.0/0,             2001:db8::1,            false",
        "2001:db8::/33,         2001:db8:7fff::1,       true",
        "2001:db8::/33,         2001:db8:8000::1,       false",
        "fe80::/10,             fe80:0:0:0:0:0:0:1%eth0, true",
        "::1,                   0:0:0:0:0:0:0:1,        true",
        "10.0.0.0/8,            '',                     false"
    })
    void aPeerIsTrustedByItsAddress(String network, String peer, boolean trusted) {
        assertThat(TrustedProxies.xForwarded(network).trusts(peer)).isEqualTo(trusted);
    }

    // ---------------------------------------------------------------- X-Forwarded-*

    @Test
    void nobodyIsBelievedByDefault() {
        ClientAddress client = TrustedProxies.none()
                .client(
                        Map.of(
                                "x-forwarded-for", List.of("1.2.3.4"),
                                "x-forwarded-proto", List.of("https"),
                                "x-forwarded-host", List.of("game.example"),
                                "forwarded", List.of("for=1.2.3.4;proto=https;host=game.example")),
                        "127.0.0.1",
                        false);
        assertThat(client).isEqualTo(new ClientAddress("127.0.0.1", false, null, true));
    }

    @Test
    void whoeverIsNotListedIsTheClient() {
        assertThat(x("192.0.2.1", "1.2.3.4")).isEqualTo(new ClientAddress("192.0.2.1", false, null, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.4                            | 1.2.3.4                 | true",
                "6.6.6.6, 1.2.3.4                   | 1.2.3.4                 | true",
                "6.6.6.6, 1.2.3.4, 10.0.0.2         | 1.2.3.4                 | true",
                "10.9.9.9, 1.2.3.4, 10.0.0.2        | 1.2.3.4                 | true",
                "1.2.3.4:567                        | 1.2.3.4                 | true",
                "1.2.3.4, 2001:db8:1::5             | 1.2.3.4                 | true",
                "2001:db8:2::1                      | 2001:db8:2:0:0:0:0:1    | true",
                "[2001:db8:2::1]:47                 | 2001:db8:2:0:0:0:0:1    | true",
                "::ffff:1.2.3.4                     | 1.2.3.4                 | true",
                "1.2.3.4, ::ffff:10.0.0.2           | 1.2.3.4                 | true",
                "' , 1.2.3.4 ,,'                    | 1.2.3.4                 | true",
                "10.0.0.3, 10.0.0.2                 | 10.0.0.3                | true",
                "unknown                            | 10.0.0.1                | false",
                "6.6.6.6, unknown                   | 10.0.0.1                | false",
                "6.6.6.6, _hidden, 10.0.0.2         | 10.0.0.2                | false",
                "6.6.6.6, game.example              | 10.0.0.1                | false",
                "6.6.6.6, 1.2.3.4:99999             | 10.0.0.1                | false",
                "6.6.6.6, 1.2.3                     | 10.0.0.1                | false",
                "6.6.6.6, 01.2.3.4                  | 10.0.0.1                | false",
                "6.6.6.6, fe80::1%eth0              | 10.0.0.1                | false",
                "6.6.6.6, [1.2.3.4]                 | 10.0.0.1                | false",
                "6.6.6.6, \"1.2.3.4\"               | 10.0.0.1                | false"
            })
    void theClientIsTheLastInTheChainWhoIsNoProxy(String chain, String address, boolean known) {
        assertThat(x(PROXY, chain)).isEqualTo(new ClientAddress(address, false, null, known));
    }

    @Test
    void linesOfOneHeaderAreOneList() {
        assertThat(x(PROXY, "6.6.6.6", "1.2.3.4, 10.0.0.3", "10.0.0.2").address())
                .isEqualTo("1.2.3.4");
    }

    @Test
    void aProxyThatSaysNothingIsAsFarAsIsKnown() {
        assertThat(X.client(Map.of(), PROXY, true)).isEqualTo(new ClientAddress(PROXY, true, null, false));
    }

    @Test
    void sixteenProxiesAreFollowedAndNoMore() {
        String[] chain = new String[17];
        Arrays.fill(chain, "10.0.0.2");
        chain[0] = "1.2.3.4";
        chain[1] = "10.0.0.16";
        assertThat(x(PROXY, chain)).isEqualTo(new ClientAddress("10.0.0.16", false, null, false));
        assertThat(x(PROXY, Arrays.copyOfRange(chain, 2, 17)).known()).isTrue();
        String[] huge = new String[5_000];
        Arrays.fill(huge, "10.0.0.2");
        assertThat(x(PROXY, huge)).isEqualTo(new ClientAddress("10.0.0.2", false, null, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "https          | game.example          | true  | game.example",
                "HTTPS          | GAME.example:8443     | true  | GAME.example:8443",
                "wss            | [::1]:8443            | true  | [::1]:8443",
                "http           | game.example          | false | game.example",
                "ws             | game.example          | false | game.example",
                "ftp            | game.example          | false | game.example",
                "https, http    | a.example, b.example  | false | b.example",
                "https          | game example          | true  | -",
                "https          | evil.example/path     | true  | -",
                "https          | evil@game.example     | true  | -",
                "https          | ''                    | true  | -"
            })
    void schemeAndHostAreWhatTheProxySays(String proto, String host, boolean secure, String told) {
        ClientAddress client = X.client(
                Map.of(
                        "x-forwarded-for", List.of("1.2.3.4"),
                        "x-forwarded-proto", List.of(proto),
                        "x-forwarded-host", List.of(host)),
                PROXY,
                false);
        assertThat(client).isEqualTo(new ClientAddress("1.2.3.4", secure, told, true));
    }

    @Test
    void aProxyOnAnEncryptedConnectionMaySayThatTheClientWasOnAPlainOne() {
        assertThat(X.client(Map.of("x-forwarded-proto", List.of("http")), PROXY, true)
                        .secure())
                .isFalse();
        assertThat(X.client(Map.of("x-forwarded-host", List.of("x".repeat(300))), PROXY, true))
                .isEqualTo(new ClientAddress(PROXY, true, null, false));
    }

    @Test
    void theTwoKindsAreNeverMixed() {
        Map<String, List<String>> both = Map.of(
                "x-forwarded-for", List.of("1.1.1.1"),
                "x-forwarded-proto", List.of("https"),
                "forwarded", List.of("for=2.2.2.2;proto=http"));
        assertThat(X.client(both, PROXY, false)).isEqualTo(new ClientAddress("1.1.1.1", true, null, true));
        assertThat(STANDARD.client(both, PROXY, true)).isEqualTo(new ClientAddress("2.2.2.2", false, null, true));
    }

    // ---------------------------------------------------------------- Forwarded

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "for=1.2.3.4                                          | 1.2.3.4              | true",
                "For=\"1.2.3.4:567\"                                  | 1.2.3.4              | true",
                "for=1.2.3.4:567                                      | 1.2.3.4              | true",
                "for=\"[2001:db8:2::1]:47\"                           | 2001:db8:2:0:0:0:0:1 | true",
                "for=\"[2001:db8:2::1]:_x\"                           | 2001:db8:2:0:0:0:0:1 | true",
                "for=[2001:db8:2::1]                                  | 2001:db8:2:0:0:0:0:1 | true",
                "for=6.6.6.6, for=1.2.3.4;by=10.0.0.1, for=10.0.0.2   | 1.2.3.4              | true",
                "for=\"1.2\\.3.4\"                                    | 1.2.3.4              | true",
                "by=\"a,for=6.6.6.6;\\\"\";for=1.2.3.4                | 1.2.3.4              | true",
                ";for=1.2.3.4;; , ,                                   | 1.2.3.4              | true",
                "for=6.6.6.6, for=unknown                             | 10.0.0.1             | false",
                "for=6.6.6.6, for=_hidden, for=10.0.0.2               | 10.0.0.2             | false",
                "for=6.6.6.6, proto=https                             | 10.0.0.1             | false",
                // as a whole or not at all
                "for=6.6.6.6, for=\"1.2.3.4                           | 10.0.0.1             | false",
                "for=\"6.6.6.6, for=1.2.3.4                           | 10.0.0.1             | false",
                "for=\"6.6.6.6, for=\"[2001:db8:2::1]:47\"            | 10.0.0.1             | false",
                "for=1.2.3.4;for=6.6.6.6                              | 10.0.0.1             | false",
                "for=                                                 | 10.0.0.1             | false",
                "for                                                  | 10.0.0.1             | false",
                "for =1.2.3.4                                         | 10.0.0.1             | false",
                "for=1.2.3.4 for=6.6.6.6                              | 10.0.0.1             | false",
                "=1.2.3.4                                             | 10.0.0.1             | false",
                "for=\"1.2.3.4\\                                      | 10.0.0.1             | false"
            })
    void theStandardHeaderIsReadToTheLetter(String line, String address, boolean known) {
        assertThat(standard(line))
                .extracting(ClientAddress::address, ClientAddress::known)
                .containsExactly(address, known);
    }

    @Test
    void schemeAndHostAreThoseOfTheClientsElement() {
        assertThat(standard(
                        "for=6.6.6.6;proto=http;host=evil.example, for=1.2.3.4;proto=https;host=\"game.example:8443\","
                                + " for=10.0.0.2;proto=http;host=inner.example"))
                .isEqualTo(new ClientAddress("1.2.3.4", true, "game.example:8443", true));
        assertThat(standard("for=_hidden;proto=https;host=game.example"))
                .isEqualTo(new ClientAddress(PROXY, true, "game.example", false));
    }

    @Test
    void aLineThatAClientHasBrokenDoesNotHideTheProxysOwn() {
        assertThat(standard("for=\"6.6.6.6", "for=1.2.3.4;proto=https"))
                .isEqualTo(new ClientAddress("1.2.3.4", true, null, true));
        assertThat(standard("for=\"6.6.6.6", "for=10.0.0.2;proto=https"))
                .isEqualTo(new ClientAddress("10.0.0.2", true, null, false));
        assertThat(standard(Collections.nCopies(100, "for=10.0.0.2").toArray(String[]::new))
                        .known())
                .isFalse();
    }
}
