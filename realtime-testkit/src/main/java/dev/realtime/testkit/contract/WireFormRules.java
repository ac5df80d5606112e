package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments and acknowledgements in each form that contracts know, with {@link ReferenceForms}. */
abstract class WireFormRules extends TransportContract.Rules {
    private static final String FORMS = ReferenceForms.FORMS + ',';
    private static final String FIRST = ReferenceForms.FORMS_FIRST + ',';
    private static final String NOTHING = ReferenceForms.FORMS_NOTHING + ',';

    private RawWebSocket joined(String prefix) {
        RawWebSocket socket = webSocket(OPEN);
        SocketClient.opened(socket);
        socket.send("40" + prefix);
        assertThat(socket.text()).startsWith("40" + prefix + '{');
        return socket;
    }

    // ---- arguments

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_item | \"rope\"             | \"rope\",null,null",
                "use_item | \"rope\",\"bob\"     | \"rope\",\"bob\",null",
                "use_item | \"rope\",\"bob\",3   | \"rope\",\"bob\",3",
                "use_item | \"rope\",null,null   | \"rope\",null,null",
                "nick     | \"annie\"            | \"annie\"",
                "nick     | null                 | null"
            })
    void argumentsMayBeMissingOrNull(String event, String arguments, String heard) {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "[\"" + event + "\"," + arguments + "]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"heard\",[" + heard + "]]");
        }
    }

    @Test
    void aPayloadThatMayBeNullMayBeMissing() {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "[\"nick\"]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"heard\",[null]]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"none\"", "\"one\",6", "\"more\",6,20,20"})
    void theLastArgumentsMayBeAnyNumber(String arguments) {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "[\"roll\"," + arguments + "]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"rolled\"," + arguments + "]");
        }
    }

    @Test
    void aPayloadMayBeAListOfRecords() {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "[\"rolls\",[{\"reason\":\"a\",\"dice\":[1]},{\"reason\":\"b\",\"dice\":[]}]]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"rolled\",\"a\",1]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"rolled\",\"b\"]");
        }
    }

    // ---- acknowledgements

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"nothing\"            | []",
                "\"several\"            | [1,\"two\",[3]]",
                "\"maybe\",\"\"         | [null]",
                "\"maybe\",\"x\"        | [\"x\"]",
                "\"first\",\"x\"        | [null,\"x\"]",
                "\"first\",\"refuse\"   | [{\"code\":\"no_money\",\"message\":\"Not enough coins\"}]",
                "\"value\",\"refuse\"   | [{\"error\":{\"code\":\"no_money\",\"message\":\"Not enough coins\"}}]"
            })
    void anAcknowledgementMayHaveAnyNumberOfValuesOrAnErrorFirst(String event, String answer) {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "1[" + event + "]");
            assertThat(socket.text()).isEqualTo("43" + FORMS + "1" + answer);
        }
    }

    @Test
    void oneOfSeveralValuesMayBeBinary() {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "1[\"map\"]");
            assertThat(socket.text()).isEqualTo("461-" + FORMS + "1[{\"_placeholder\":true,\"num\":0},7]");
            assertThat(socket.binary()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void severalValuesTravelOverPollingToo() {
        PollingClient client = polling(OPEN);
        client.send("40" + FORMS);
        assertThat(client.next()).startsWith("40" + FORMS + '{');
        client.send("42" + FORMS + "1[\"several\"]", "42" + FORMS + "2[\"map\"]", "42" + FORMS + "3[\"first\",\"x\"]");
        assertThat(client.next()).isEqualTo("43" + FORMS + "1[1,\"two\",[3]]");
        assertThat(client.next()).isEqualTo("461-" + FORMS + "2[{\"_placeholder\":true,\"num\":0},7]");
        assertThat(client.next()).isEqualTo("bAQID");
        assertThat(client.next()).isEqualTo("43" + FORMS + "3[null,\"x\"]");
    }

    @Test
    void anEventMayBeLeftUnacknowledged() {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "1[\"quiet\",\"psst\"]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"heard\",[\"psst\"]]");
            socket.send("42" + FORMS + "2[\"nothing\"]");
            assertThat(socket.text()).isEqualTo("43" + FORMS + "2[]");
        }
    }

    @Test
    void anAcknowledgementMayBeGivenLater() {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "1[\"later\",\"x\"]");
            socket.send("42" + FORMS + "[\"later\",\"x\"]");
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"heard\",[\"not wanted\"]]");
            socket.send("42" + FORMS + "2[\"nothing\"]");
            assertThat(socket.text()).isEqualTo("43" + FORMS + "2[]");
            socket.send("42" + FORMS + "[\"now\"]");
            assertThat(socket.text()).isEqualTo("43" + FORMS + "1[\"now\"]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[null,\"yes\"] | \"yes\"", "[{\"code\":\"busy\"}] | \"refused\""})
    void aClientMayAnswerWithTheErrorFirst(String answer, String heard) {
        try (RawWebSocket socket = joined(FORMS)) {
            socket.send("42" + FORMS + "[\"ask-me\"]");
            String question = socket.text();
            assertThat(question).startsWith("42" + FORMS).endsWith("[\"asked\",\"ready?\"]");
            String id = question.substring(("42" + FORMS).length(), question.indexOf('['));
            socket.send("43" + FORMS + id + answer);
            assertThat(socket.text()).isEqualTo("42" + FORMS + "[\"heard\",[" + heard + "]]");
        }
    }

    // ---- refusals

    @Test
    void refusalsMayBeTheFirstArgument() {
        try (RawWebSocket socket = joined(FIRST)) {
            socket.send("42" + FIRST + "1[\"value\",\"refuse\"]");
            assertThat(socket.text())
                    .isEqualTo("43" + FIRST + "1[{\"code\":\"no_money\",\"message\":\"Not enough coins\"}]");
            socket.send("42" + FIRST + "2[\"nobody knows\"]");
            assertThat(socket.text()).startsWith("43" + FIRST + "2[{\"code\":\"unknown_event\"");
        }
    }

    @Test
    void refusalsMayBeLeftUntold() {
        try (RawWebSocket socket = joined(NOTHING)) {
            socket.send("42" + NOTHING + "1[\"value\",\"refuse\"]");
            socket.send("42" + NOTHING + "2[\"nobody knows\"]");
            socket.send("42" + NOTHING + "3[\"value\",\"x\"]");
            assertThat(socket.text()).isEqualTo("43" + NOTHING + "3[\"x\"]");
        }
    }
}
