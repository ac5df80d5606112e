package dev.realtime.internal.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realtime.internal.socketio.BadPacketException.Code;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketDecoderTest {

    private static final String P0 = "{\"_placeholder\":true,\"num\":0}";
    private static final String P1 = "{\"_placeholder\":true,\"num\":1}";
    private static final String P2 = "{\"_placeholder\":true,\"num\":2}";
    private static final DecoderLimits LIMITS = new DecoderLimits(3, 10, 4, 12, 16);

    private final PacketDecoder decoder = new PacketDecoder(LIMITS);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "0                            | CONNECT       | /      | -1 | ``",
                "0{\"sid\":\"wZX3oN0bSVI\"}   | CONNECT       | /      | -1 | {\"sid\":\"wZX3oN0bSVI\"}",
                "0/admin,                     | CONNECT       | /admin | -1 | ``",
                "0/admin                      | CONNECT       | /admin | -1 | ``",
                "0/admin,{\"token\":\"123\"}  | CONNECT       | /admin | -1 | {\"token\":\"123\"}",
                "4{\"message\":\"No\"}        | CONNECT_ERROR | /      | -1 | {\"message\":\"No\"}",
                "4\"No\"                      | CONNECT_ERROR | /      | -1 | \"No\"",
                "1                            | DISCONNECT    | /      | -1 | ``",
                "1/admin,                     | DISCONNECT    | /admin | -1 | ``",
                "2[\"foo\"]                   | EVENT         | /      | -1 | [\"foo\"]",
                "2/admin,[\"bar\"]            | EVENT         | /admin | -1 | [\"bar\"]",
                "212[\"foo\"]                 | EVENT         | /      | 12 | [\"foo\"]",
                "2/admin,13[\"foo\"]          | EVENT         | /admin | 13 | [\"foo\"]",
                "312[]                        | ACK           | /      | 12 | []",
                "3/admin,13[\"bar\"]          | ACK           | /admin | 13 | [\"bar\"]",
                "20[\"foo\"]                  | EVENT         | /      | 0  | [\"foo\"]",
                "2007[\"foo\"]                | EVENT         | /      | 7  | [\"foo\"]",
                "29007199254740991[\"foo\"]   | EVENT         | /      | 9007199254740991 | [\"foo\"]",
                "2[1,\"x\"]                   | EVENT         | /      | -1 | [1,\"x\"]",
                "2 [ \"foo\" , 1 ]            | EVENT         | /      | -1 | [ \"foo\" , 1 ]",
            })
    void readsThePacketsOfTheSpecification(String text, PacketType type, String namespace, long ackId, String data) {
        assertThat(decoder.text(text)).isEqualTo(new Packet(type, namespace, ackId, data, List.of()));
    }

    @Test
    void waitsForEveryAttachmentOfABinaryEvent() {
        assertThat(decoder.text("52-/admin,[\"baz\"," + P0 + "," + P1 + "]")).isNull();
        assertThat(decoder.isWaitingForAttachments()).isTrue();
        assertThat(decoder.binary(new byte[] {1, 2})).isNull();
        Packet packet = Objects.requireNonNull(decoder.binary(new byte[] {3, 4}));
        assertThat(packet.type()).isEqualTo(PacketType.BINARY_EVENT);
        assertThat(packet.namespace()).isEqualTo("/admin");
        assertThat(packet.attachments()).containsExactly(new byte[] {1, 2}, new byte[] {3, 4});
        assertThat(decoder.isWaitingForAttachments()).isFalse();
    }

    @Test
    void readsABinaryAckWithItsId() {
        assertThat(decoder.text("61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]"))
                .isNull();
        Packet packet = Objects.requireNonNull(decoder.binary(new byte[] {1, 2, 3, 4}));
        assertThat(packet.type()).isEqualTo(PacketType.BINARY_ACK);
        assertThat(packet.ackId()).isEqualTo(15);
        assertThat(EventHead.elements(packet.data())).containsExactly("\"bar\"", "{\"_placeholder\":true,\"num\":0}");
    }

    @Test
    void readsAPacketBehindItsEngineType() {
        assertThat(decoder.text("42[\"foo\"]", 1)).isEqualTo(decoder.text("2[\"foo\"]"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/admin?token=1,/admin", "/?token=1,/", "/a?b?c,/a", "/admin?,/admin"})
    void dropsTheQueryOfANamespace(String sent, String namespace) {
        assertThat(Objects.requireNonNull(decoder.text("0" + sent + ",{}")).namespace())
                .isEqualTo(namespace);
        assertThat(Objects.requireNonNull(decoder.text("0" + sent)).namespace()).isEqualTo(namespace);
    }

    @Test
    void aQuestionMarkInThePayloadIsNotAQuery() {
        assertThat(Objects.requireNonNull(decoder.text("2/admin,[\"a?\"]")).namespace())
                .isEqualTo("/admin");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "7",
                "9[\"a\"]",
                "a",
                "-",
                "/",
                " 2[\"a\"]", // no type
                "2",
                "2[]",
                "2{}",
                "2\"foo\"",
                "2null",
                "2[null]",
                "2[{}]",
                "2[[\"a\"]]",
                "2[true]",
                "2[false,\"a\"]",
                "2abc[\"a\"]",
                "2-1[\"a\"]",
                "21.5[\"a\"]",
                "21-[\"a\"]",
                "2/a,",
                "212", // not an event
                "31",
                "31{}",
                "31null",
                "31\"a\"",
                "3/a,1", // not an acknowledgement
                "0[]",
                "0null",
                "0\"a\"",
                "0true",
                "0{",
                "0{}x",
                "0{}{}",
                "0/a,[]", // not a CONNECT
                "1{}",
                "1[]",
                "1\"\"",
                "1/a,x",
                "4[]",
                "4null",
                "5[\"a\"]",
                "5-[\"a\"]",
                "50-[\"a\"]",
                "5-1-[\"a\"]",
                "5+1-[\"a\"]",
                "51[\"a\"]",
                "51",
                "5",
                "51-",
                "5 1-[\"a\"]",
                "51-[]",
                "6[\"a\"]",
                "5/a,1-[\"a\"]",
                "2[\"a\"",
                "2[\"a",
                "2[\"a\\\"]",
                "2[\"a\",]",
                "2[\"a\" 1]",
                "2[,\"a\"]",
                "2[\"a\"]]",
                "2[\"a\"}",
                "2[\"a\",{\"b\"}]",
                "2[\"a\",{b:1}]",
                "2[\"a\",{\"b\":}]",
                "2[\"a\",{\"b\":1,}]",
                "2[\"a\",{,}]",
                "2[\"a\",{1:1}]",
                "2[\"a\",01]",
                "2[\"a\",1.]",
                "2[\"a\",.5]",
                "2[\"a\",+1]",
                "2[\"a\",-]",
                "2[\"a\",1e]",
                "2[\"a\",NaN]",
                "2[\"a\",tru]",
                "2[\"a\",truee]",
                "2[\"a\",nul]",
                "2[\"\\x\"]",
                "2[\"\\u12\"]",
                "2[\"\\u12g4\"]",
                "2[\"a\nb\"]",
                "2['a']",
                "2[\"a\",/*x*/1]",
                "2[\"a\"]x",
                "2[-]",
                "2[01]"
            })
    void refusesWhatIsNotAPacket(String text) {
        assertThat(code(text)).isEqualTo(Code.MALFORMED);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "connect",
                "connect_error",
                "disconnect",
                "disconnecting",
                "newListener",
                "removeListener",
                "\\u0063onnect"
            })
    void refusesReservedEvents(String name) {
        assertThat(code("2[\"" + name + "\",1]")).isEqualTo(Code.RESERVED_EVENT);
        assertThat(code("51-[\"" + name + "\"]")).isEqualTo(Code.RESERVED_EVENT);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"error", "Connect", "connection", "connect ", ""})
    void otherNamesAreTheApplicationsOwn(String name) {
        assertThat(decoder.text("2[\"" + name + "\"]")).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "29007199254740992[\"a\"]",
                "29223372036854775808[\"a\"]",
                "2184467440737095516160[\"a\"]",
                "399999999999999999999999999[]",
                "3[]",
                "3/a,[]",
                "01{}",
                "0/a,1{}",
                "11",
                "41{}"
            })
    void refusesBadAckIds(String text) {
        assertThat(code(text)).isEqualTo(Code.BAD_ACK_ID);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"5101-[\"a\"]", "5999999999-[\"a\"]", "54294967297-[\"a\"]", "518446744073709551617-[\"a\"]"})
    void refusesTooManyAttachmentsBeforeHoldingAny(String text) {
        assertThat(code(text)).isEqualTo(Code.TOO_MANY_ATTACHMENTS);
        assertThat(decoder.isWaitingForAttachments()).isFalse();
    }

    @Test
    void attachmentsThatGrowTooLargeAreDroppedAndTheEventIsAtFault() {
        decoder.text("53-7[\"a\"," + P0 + "," + P1 + "," + P2 + "]");
        decoder.binary(new byte[6]);
        decoder.binary(new byte[5]);
        Packet packet = Objects.requireNonNull(decoder.binary(new byte[1]));
        assertThat(packet)
                .isEqualTo(
                        new Packet(PacketType.BINARY_EVENT, "/", 7, "[\"a\"]", List.of(), Fault.ATTACHMENTS_TOO_LARGE));
        assertThat(decoder.isWaitingForAttachments()).isFalse();
    }

    @Test
    void aFewAttachmentsTooManyAreAwaitedAndDropped() {
        assertThat(decoder.text("54-[\"a\"," + P0 + "]")).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(decoder.binary(new byte[1])).isNull();
        }
        Packet packet = Objects.requireNonNull(decoder.binary(new byte[1]));
        assertThat(packet.fault()).isEqualTo(Fault.TOO_MANY_ATTACHMENTS);
        assertThat(packet.attachments()).isEmpty();
    }

    @Test
    void acceptsAttachmentsUpToTheLimit() {
        decoder.text("52-[\"a\"," + P1 + ",{\"b\":" + P0 + "}]");
        decoder.binary(new byte[6]);
        Packet packet = Objects.requireNonNull(decoder.binary(new byte[4]));
        assertThat(packet.fault()).isNull();
        assertThat(packet.attachments()).hasSize(2);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "2[\"a\",{\"_placeholder\":true,\"num\":0}]",
                "2[\"a\",{\"_placeholder\":true}]",
                "2[\"a\",{\"x\":[{\"y\":1,\"_placeholder\":true}]}]",
                "2[\"a\",{\"_placeholder\":1}]",
                "2[\"a\",{\"_placeholder\":[true]}]",
                "2[\"a\",{\"\\u005fplaceholder\":true,\"num\":0}]",
                "2[\"a\",{\"\\u005f\\u0070\\u006C\\u0061\\u0063\\u0065\\u0068\\u006f\\u006c\\u0064\\u0065\\u0072\":true}]",
                "31[{\"_placeholder\":true,\"num\":0}]",
                "0{\"_placeholder\":true,\"num\":0}"
            })
    void whatClaimsToBeAnAttachmentAndIsNoneIsAtFault(String text) {
        assertThat(Objects.requireNonNull(decoder.text(text)).fault()).isEqualTo(Fault.BAD_PLACEHOLDER);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "[\"a\"]", // nothing stands for it
                "[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]", // twice
                "[\"a\",{\"_placeholder\":true,\"num\":1}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0},{\"num\":0,\"_placeholder\":true}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":null}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"_placeholder\":false}]",
                "[\"a\",{\"_placeholder\":true,\"num\":10000000000}]",
                "[\"a\",{\"_placeholder\":false,\"num\":0}]",
                "[\"a\",{\"_placeholder\":true,\"num\":-1}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0.5}]",
                "[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]",
                "[\"a\",{\"_placeholder\":true,\"num\":[0]}]",
                "[\"a\",{\"_placeholder\":true,\"num\":{\"_placeholder\":true,\"num\":0}}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0,\"x\":1}]",
                "[\"a\",{\"x\":1,\"_placeholder\":true,\"num\":7},{\"_placeholder\":true,\"num\":0}]",
                "[\"a\",{\"_placeholder\":true,\"num\":0,\"num\":0}]"
            })
    void eachAttachmentHasOnePlaceholder(String data) {
        assertThat(decoder.text("51-" + data)).isNull();
        assertThat(Objects.requireNonNull(decoder.binary(new byte[1])).fault()).isEqualTo(Fault.BAD_PLACEHOLDER);
    }

    @Test
    void aPlaceholderIsJudgedByItsTokens() {
        assertThat(decoder.text("51-[\"a\",{ \"n\\u0075m\" : 0 , \"\\u005fplaceholder\":true }]"))
                .isNull();
        assertThat(Objects.requireNonNull(decoder.binary(new byte[1])).fault()).isNull();
        assertThat(Objects.requireNonNull(decoder.text("2[\"a\",{\"_placeholder\":false},\"_placeholder\"]"))
                        .fault())
                .isNull();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"1e309", "-1E+309", "1.5e999999999999", "0.1e400", "1.7976931348623159e308", "9e308"})
    void numbersBeyondDoublesAreAtFault(String number) {
        for (String text : List.of("2[\"a\"," + number + "]", "2[\"a\",{\"b\":[" + number + "]}]")) {
            assertThat(Objects.requireNonNull(decoder.text(text)).fault()).isEqualTo(Fault.NUMBER_OUT_OF_RANGE);
        }
        assertThat(Objects.requireNonNull(decoder.text("2[\"a\"," + "1".repeat(101) + "]"))
                        .fault())
                .isEqualTo(Fault.NUMBER_OUT_OF_RANGE);
        assertThat(Objects.requireNonNull(decoder.text(
                                "2[\"a\",1e308,1E-999,1.7976931348623158e308,0e999," + "1".repeat(100) + "]"))
                        .fault())
                .isNull();
    }

    @Test
    void refusesTextBetweenAttachmentsAndHoldsNothing() {
        decoder.text("52-[\"a\"]");
        decoder.binary(new byte[1]);
        assertThat(code("2[\"a\"]")).isEqualTo(Code.UNEXPECTED_TEXT);
        assertThat(decoder.isWaitingForAttachments()).isFalse();
        assertThat(decoder.text("2[\"a\"]")).isNotNull();
    }

    @Test
    void refusesBinaryDataNobodyAnnounced() {
        assertThat(catchThrowableOfType(BadPacketException.class, () -> decoder.binary(new byte[1]))
                        .code())
                .isEqualTo(Code.UNEXPECTED_BINARY);
    }

    @Test
    void countsTheOutermostArrayInTheDepth() {
        assertThat(fault("2[\"a\",[{\"b\":[]}]]")).isNull();
        assertThat(fault("2[\"a\",[{\"b\":[[]]}]]")).isEqualTo(Fault.TOO_DEEP);
        assertThat(fault("0{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}")).isEqualTo(Fault.TOO_DEEP);
        assertThat(fault("31[[[[[]]]]]")).isEqualTo(Fault.TOO_DEEP);
    }

    @Test
    void ofWhatIsAtFaultOnlyTheNameRemains() {
        assertThat(decoder.text("2/adm,12[\"a\",[[[[[1]]]]]]"))
                .isEqualTo(new Packet(PacketType.EVENT, "/adm", 12, "[\"a\"]", List.of(), Fault.TOO_DEEP));
        assertThat(decoder.text("35[[[[[[]]]]]]"))
                .isEqualTo(new Packet(PacketType.ACK, "/", 5, "[]", List.of(), Fault.TOO_DEEP));
    }

    @Test
    void veryDeepTextDoesNotOverflowTheStack() {
        assertThat(fault("2[\"a\"," + "[".repeat(1_000_000))).isEqualTo(Fault.TOO_DEEP);
        assertThat(code("2" + "[".repeat(1_000_000))).isEqualTo(Code.MALFORMED);
        PacketDecoder deep = new PacketDecoder(new DecoderLimits(1, 1, 200_000, 10, 10));
        String nested = "[".repeat(99_999) + "{\"a\":1}" + "]".repeat(99_999);
        assertThat(deep.text("2[\"a\"," + nested + "]")).isNotNull();
        assertThatThrownBy(() -> deep.text("2[\"a\"," + nested.replace("}]", "]}") + "]"))
                .isInstanceOf(BadPacketException.class);
    }

    @Test
    void refusesLongNames() {
        assertThat(fault("2[\"" + "a".repeat(16) + "\"]")).isNull();
        assertThat(decoder.text("2[\"" + "a".repeat(17) + "\"]"))
                .isEqualTo(new Packet(
                        PacketType.EVENT,
                        "/",
                        Packet.NO_ACK,
                        "[\"" + "a".repeat(16) + "\"]",
                        List.of(),
                        Fault.EVENT_NAME_TOO_LONG));
        assertThat(fault("0/" + "a".repeat(11) + ",")).isNull();
        assertThat(fault("0/" + "a".repeat(12) + ",")).isEqualTo(Fault.NAMESPACE_TOO_LONG);
        assertThat(code("2/" + "a".repeat(12) + ",[\"a\"]")).isEqualTo(Code.NAMESPACE_TOO_LONG);
        assertThat(code("0/" + "a".repeat(1_000_000))).isEqualTo(Code.NAMESPACE_TOO_LONG);
    }

    @Test
    void ofANameThatIsTooLongOnlyItsStartIsRead() {
        for (String name : List.of("a".repeat(1_000_000), "\\u0061".repeat(160_000), "a\\u0061".repeat(100_000))) {
            assertThat(Objects.requireNonNull(decoder.text("2[\"" + name + "\",1]"))
                            .data())
                    .isEqualTo("[\"" + "a".repeat(16) + "\"]");
        }
        Packet number = Objects.requireNonNull(decoder.text("2[" + "1".repeat(1_000_000) + "]"));
        assertThat(number.fault()).isEqualTo(Fault.EVENT_NAME_TOO_LONG);
        assertThat(number.data()).isEqualTo("[\"" + "1".repeat(16) + "\"]");
    }

    @Test
    void reservedNamesAreRefusedHoweverShortTheLimit() {
        PacketDecoder terse = new PacketDecoder(new DecoderLimits(3, 10, 4, 12, 2));
        assertThat(catchThrowableOfType(BadPacketException.class, () -> terse.text("2[\"removeListener\"]"))
                        .code())
                .isEqualTo(Code.RESERVED_EVENT);
        assertThat(Objects.requireNonNull(terse.text("2[\"removeListeners\"]")).fault())
                .isEqualTo(Fault.EVENT_NAME_TOO_LONG);
    }

    @Test
    void refusesControlCharactersInANamespace() {
        assertThat(code("0/a\r\nb,")).isEqualTo(Code.MALFORMED);
        assertThat(code("0/\u0085,")).isEqualTo(Code.MALFORMED);
    }

    @Test
    void noMessageRepeatsTheText() {
        for (String text : List.of("2[\"a\",SECRET]", "0/SECRET\n,", "9SECRET", "51-SECRET", "0SECRET")) {
            assertThatThrownBy(() -> decoder.text(text)).hasMessageNotContaining("SECRET");
        }
    }

    @Test
    void replacesLoneSurrogatesWithoutMovingTheRest() {
        Packet packet = Objects.requireNonNull(
                decoder.text("2[\"a\\ud83d\",\"\ude00\\\\ud83d\",\"\\ud83d\\ude00\ud83d\ude00\"]"));
        assertThat(packet.data()).isEqualTo("[\"a\\ufffd\",\"\ufffd\\\\ud83d\",\"\\ud83d\\ude00\ud83d\ude00\"]");
        assertThat(EventHead.of(packet).name()).isEqualTo("a\ufffd");
    }

    @Test
    void limitsSayWhatWouldBeRight() {
        assertThatThrownBy(() -> new DecoderLimits(-1, 1, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAttachments must be at least 0, not -1");
        assertThatThrownBy(() -> new DecoderLimits(1, 1, 0, 1, 1)).hasMessageContaining("maxDepth");
    }

    private @Nullable Fault fault(String text) {
        return Objects.requireNonNull(decoder.text(text)).fault();
    }

    private Code code(String text) {
        BadPacketException bad = catchThrowableOfType(BadPacketException.class, () -> decoder.text(text));
        assertThat(bad).as("refused: %s", text).isNotNull();
        return bad.code();
    }
}
