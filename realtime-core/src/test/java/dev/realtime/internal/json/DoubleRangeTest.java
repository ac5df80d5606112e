package dev.realtime.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleRangeTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "1.79769313486231580793728971405303415e308",
                "1.79769313486231580793728971405303416e308",
                "1.7976931348623159e308",
                "-17976931348623159.0e292",
                "0.00000000000000000000179769313486231580E+329",
                "0.00000000000000000000179769313486231581E+329",
                "9.99e307",
                "2E308",
                "1e309",
                "10e308",
                "0.1e309",
                "0.0e999999999999999999999",
                "-0e400",
                "1e999999999999999999999",
                "1e-999999999999999999999",
                "5e-324",
                "1e00000000000000000000308",
                "1e+0"
            })
    void theDigitsTellWhatParsingWouldTell(String number) {
        check(number);
    }

    @Property
    void agreesWithParsing(@ForAll("numbers") String number) {
        check(number);
    }

    @Property
    void agreesWithParsingAroundTheLargestDouble(@ForAll("aroundTheLargest") String number) {
        check(number);
    }

    private static void check(String number) {
        assertThat(DoubleRange.holds("[" + number + ",", 1, number.length() + 1))
                .as(number)
                .isEqualTo(Double.isFinite(Double.parseDouble(number)));
    }

    @Provide
    Arbitrary<String> numbers() {
        Arbitrary<String> digits =
                Arbitraries.strings().withCharRange('0', '9').ofMinLength(1).ofMaxLength(40);
        return Combinators.combine(
                        Arbitraries.of("", "-"),
                        digits,
                        digits.map(fraction -> '.' + fraction).injectNull(0.3),
                        Arbitraries.of("e", "E+", "E-"),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 400),
                                Arbitraries.integers().between(260, 320)))
                .as((sign, whole, fraction, e, exponent) ->
                        sign + whole + (fraction == null ? "" : fraction) + e + exponent);
    }

    /** The first digits of the bound, one of them changed, with the point anywhere. */
    @Provide
    Arbitrary<String> aroundTheLargest() {
        String bound = new BigDecimal(Double.MAX_VALUE)
                .add(new BigDecimal(Math.ulp(Double.MAX_VALUE)).divide(BigDecimal.valueOf(2)))
                .toPlainString();
        return Combinators.combine(
                        Arbitraries.integers().between(1, 90),
                        Arbitraries.integers().between(0, 90),
                        Arbitraries.integers().between(-1, 1),
                        Arbitraries.integers().between(1, 90))
                .as((length, changed, by, point) -> {
                    StringBuilder digits = new StringBuilder(bound.substring(0, length));
                    int at = Math.min(changed, length - 1);
                    int digit = digits.charAt(at) - '0' + by;
                    digits.setCharAt(at, (char) ('0' + Math.max(at == 0 ? 1 : 0, Math.min(9, digit))));
                    int units = Math.min(point, length);
                    String fraction = units == length ? "" : "." + digits.substring(units);
                    return digits.substring(0, units) + fraction + "e" + (309 - units);
                });
    }
}
