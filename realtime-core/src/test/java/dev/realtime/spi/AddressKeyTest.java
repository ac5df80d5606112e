package dev.realtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressKeyTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:DB8:1:2::99, 2001:db8:1:2::/64",
        "2001:0db8:0001:0002:ffff:ffff:ffff:ffff, 2001:db8:1:2::/64",
        "2001:db8::, 2001:db8:0:0::/64",
        "[2001:db8:1:2::1], 2001:db8:1:2::/64",
        "fe80::1%eth0, fe80:0:0:0::/64",
        "fe80::1%eth1, fe80:0:0:0::/64",
        "::1, 0:0:0:0::/64",
        "0:0:0:0:0:0:0:1, 0:0:0:0::/64",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::ffff:cb00:7107, 203.0.113.7",
        "0:0:0:0:0:ffff:255.255.255.255, 255.255.255.255",
        "64:ff9b::203.0.113.7, 64:ff9b:0:0::/64"
    })
    void anAddressCountsByItselfAndAnIpv6ClientByItsNetwork(String address, String key) {
        assertThat(AddressKey.of(address)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "localhost",
                ":",
                ":::",
                "1:2:3",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "g::1",
                "::1.2.3",
                "::1.2.3.256",
                "::1.2.3.4:5",
                "\u0661::",
                "203.0.113.7:8080"
            })
    void whatIsNoAddressIsItsOwnKey(String text) {
        assertThat(AddressKey.of(text)).isEqualTo(text);
    }

    @Test
    void aKeyIsShort() {
        assertThat(AddressKey.of("x:".repeat(10_000)).length()).isLessThanOrEqualTo(64);
    }
}
