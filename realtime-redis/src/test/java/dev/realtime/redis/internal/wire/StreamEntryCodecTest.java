package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of the stream, as Node.js servers write and read them. */
class StreamEntryCodecTest {
    private static final Target TAVERN = new Target(Set.of("zone:tavern"), Set.of(), null);

    private final StreamEntryCodec codec = new StreamEntryCodec(4_096, new BoundedLog(System::nanoTime));

    private LogEntry upstream(String name) {
        return codec.decode(Upstream.entry(name));
    }

    private static EventData event(String json, byte[]... attachments) {
        return new EventData(json.getBytes(UTF_8), List.of(attachments));
    }

    private static void assertSame(LogEntry.Emit actual, LogEntry.Emit expected) {
        assertThat(actual.target()).isEqualTo(expected.target());
        assertThat(Upstream.tree(actual.event().json()))
                .isEqualTo(Upstream.tree(expected.event().json()));
        assertThat(actual.event().attachments()).hasSameSizeAs(expected.event().attachments());
        for (int i = 0; i < expected.event().attachments().size(); i++) {
            assertThat(actual.event().attachments().get(i))
                    .isEqualTo(expected.event().attachments().get(i));
        }
    }

    @Test
    void aBroadcastOfNodeIsReadAndItsTextIsCutOutAsItStands() {
        String data = new String(Upstream.entry("broadcast to everybody").data(), UTF_8);
        LogEntry.Emit emit = (LogEntry.Emit) upstream("broadcast to everybody");
        assertThat(emit.target()).isEqualTo(Target.EVERYBODY);
        assertThat(data).contains("\"data\":" + new String(emit.event().json(), UTF_8) + "}");
    }

    /** 11 MB of names in one entry would keep 220 MB on every node, for as long as the entry is kept. */
    @ParameterizedTest
    @ValueSource(strings = {"rooms", "except"})
    void anEntryToAMillionRoomsIsLeftOut(String list) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            names.append(i == 0 ? "" : ",").append("\"r").append(i).append('"');
        }
        String other = list.equals("rooms") ? "\"except\":[]" : "\"rooms\":[]";
        String data = "{\"packet\":{\"type\":2,\"data\":[\"a\"]},\"opts\":{\"" + list + "\":[" + names + "]," + other
                + ",\"flags\":{}}}";
        assertThat(codec.decode(new StreamFields("u", "/", 3, data.getBytes(UTF_8))))
                .isNull();
    }

    @Test
    void anEntryOfBinaryValuesToTooManyRoomsIsLeftOut() {
        StreamFields written = new StreamEntryCodec(10_000, new BoundedLog(System::nanoTime))
                .encode(
                        "u",
                        "/",
                        new LogEntry.Emit(
                                new Target(rooms(5_000), Set.of(), null), event("[\"a\",1]", new byte[] {1})));
        assertThat(new StreamEntryCodec(10_000, new BoundedLog(System::nanoTime)).decode(written))
                .isNotNull();
        assertThat(codec.decode(written)).isNull();
    }

    @Test
    void anEmitToTooManyRoomsIsRefusedWhereItIsMade() {
        LogEntry entry = new LogEntry.Emit(new Target(rooms(4_097), Set.of(), null), event("[\"a\"]"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode("u", "/", entry))
                .withMessageContaining("roomsPerEntry");
        LogEntry exceptions = new LogEntry.Join(new Target(Set.of(), rooms(4_097), null), Set.of("zone:a"));
        assertThatIllegalArgumentException().isThrownBy(() -> codec.encode("u", "/", exceptions));
    }

    private static Set<String> rooms(int count) {
        Set<String> rooms = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            rooms.add("zone:" + i);
        }
        return rooms;
    }

    /** Nobody here can be in them, so the names are not kept; an entry that is for nobody else must not become one for everybody. */
    @Test
    void roomsWithNamesThatAreTooLongAreNotKept() {
        String longName = "x".repeat(1_000_000);
        LogEntry mixed =
                new LogEntry.Emit(new Target(Set.of(longName, "zone:a"), Set.of(longName), null), event("[\"a\"]"));
        LogEntry.Emit read = (LogEntry.Emit) codec.decode(codec.encode("u", "/", mixed));
        assertThat(read.target()).isEqualTo(new Target(Set.of("zone:a"), Set.of(), null));
        LogEntry alone = new LogEntry.Emit(new Target(Set.of(longName), Set.of(), null), event("[\"a\"]"));
        assertThat(codec.decode(codec.encode("u", "/", alone))).isNull();
    }

    @Test
    void roomsAndExceptionsOfNodeAreRead() {
        assertThat(upstream("broadcast to rooms").target())
                .isEqualTo(new Target(Set.of("zone:tavern", "match:1"), Set.of("zone:attic"), null));
        assertThat(upstream("broadcast with a number for a room").target().rooms())
                .containsExactly("42");
        assertThat(upstream("broadcast with a flag")).isInstanceOf(LogEntry.Emit.class);
        assertThat(upstream("emit to one socket").target().rooms()).hasSize(1);
    }

    @Test
    void binaryOfNodeBecomesAttachmentsAndDatesTheirText() {
        assertSame(
                (LogEntry.Emit) upstream("broadcast with binary"),
                new LogEntry.Emit(
                        TAVERN,
                        event(
                                "[\"image\",{\"bytes\":{\"_placeholder\":true,\"num\":0},\"note\":\"n\"},"
                                        + "{\"_placeholder\":true,\"num\":1},null,\"2023-11-14T22:13:20.123Z\"]",
                                new byte[] {1, 2, (byte) 255},
                                new byte[0])));
    }

    @Test
    void aRequestOfNodeToItsOwnClientIsNobodyElsesBusiness() {
        assertThat(upstream("request to one socket")).isNull();
    }

    @Test
    void membershipAndGoodbyesOfNodeAreRead() {
        assertThat(upstream("join")).isEqualTo(new LogEntry.Join(TAVERN, Set.of("zone:attic", "zone:cellar")));
        assertThat(upstream("leave"))
                .isEqualTo(new LogEntry.Leave(new Target(Set.of(), Set.of("zone:attic"), null), Set.of("zone:cellar")));
        Target nowhere = new Target(Set.of("zone:nowhere"), Set.of(), null);
        assertThat(upstream("disconnect")).isEqualTo(new LogEntry.Disconnect(nowhere, false));
        assertThat(upstream("disconnect and close")).isEqualTo(new LogEntry.Disconnect(nowhere, true));
    }

    @Test
    void aNoteHasATypeThatUpstreamIgnores() {
        LogEntry note = new LogEntry.Note("presence", "{\"a\":\"\\u0000 ü\"}");
        StreamFields fields = codec.encode("n1", "/x", note);
        assertThat(fields.type()).isEqualTo(115);
        assertThat(codec.decode(fields)).isEqualTo(note);
        assertThat(codec.decode(new StreamFields("n1", "/x", 115, "{\"kind\":\"presence\"}".getBytes(UTF_8))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broadcast to everybody",
                "broadcast to rooms",
                "emit to one socket",
                "join",
                "leave",
                "disconnect",
                "disconnect and close"
            })
    void whatNodeWroteIsWrittenAgainAsNodeWroteIt(String name) {
        StreamFields node = Upstream.entry(name);
        StreamFields ours = codec.encode(node.uid(), node.namespace(), codec.decode(node));
        assertThat(ours.type()).isEqualTo(node.type());
        assertThat(new String(ours.data(), UTF_8)).isEqualTo(new String(node.data(), UTF_8));
    }

    @Test
    void binaryIsWrittenByteForByteAsNodeWritesIt() {
        StreamFields ours = codec.encode(
                "u",
                "/",
                new LogEntry.Emit(TAVERN, event("[\"image\",{\"num\":0,\"_placeholder\":true},1]", new byte[] {1, 2})));
        // Buffer.from(encode({packet:{type:2,data:["image",Buffer.from([1,2]),1]},opts:{rooms:["zone:tavern"],except:[],flags:{}}})).toString("base64")
        assertThat(new String(ours.data(), UTF_8))
                .isEqualTo(
                        "gqZwYWNrZXSCpHR5cGUCpGRhdGGTpWltYWdlxAIBAgGkb3B0c4Olcm9vbXORq3pvbmU6dGF2ZXJupmV4Y2VwdJClZmxhZ3OA");
    }

    @Test
    void whatConcernsOneNodeHasATypeThatUpstreamIgnores() {
        Target local = new Target(Set.of("a"), Set.of("b"), "n1");
        for (LogEntry entry : List.of(
                new LogEntry.Join(local, Set.of("r")),
                new LogEntry.Leave(local, Set.of("r")),
                new LogEntry.Disconnect(local, true))) {
            StreamFields fields = codec.encode("n1", "/x", entry);
            assertThat(fields.type()).isBetween(103, 106);
            assertThat(codec.decode(fields)).isEqualTo(entry);
        }
        LogEntry.Emit plain = new LogEntry.Emit(local, event("[\"e\"]"));
        LogEntry.Emit binary =
                new LogEntry.Emit(local, event("[\"e\",{\"_placeholder\":true,\"num\":0}]", new byte[5]));
        assertThat(codec.encode("n1", "/", plain).type()).isEqualTo(103);
        assertSame((LogEntry.Emit) codec.decode(codec.encode("n1", "/", plain)), plain);
        assertSame((LogEntry.Emit) codec.decode(codec.encode("n1", "/", binary)), binary);
    }

    @Test
    void whatIsSaidForTheNodesStandsBesideWhatUpstreamReads() {
        EventTerms terms = new EventTerms(5_000, Map.of("traceparent", "00-ab-cd-01", "id", "\"7\" \\"));
        LogEntry.Emit plain = new LogEntry.Emit(TAVERN, event("[\"e\"]"), terms);
        LogEntry.Emit binary = new LogEntry.Emit(
                TAVERN, event("[\"e\",{\"_placeholder\":true,\"num\":0}]", new byte[5]), new EventTerms(1, Map.of()));
        assertThat(((LogEntry.Emit) codec.decode(codec.encode("u", "/", plain))).terms())
                .isEqualTo(terms);
        assertThat(((LogEntry.Emit) codec.decode(codec.encode("u", "/", binary))).terms())
                .isEqualTo(binary.terms());
        assertSame((LogEntry.Emit) codec.decode(codec.encode("u", "/", binary)), binary);
        LogEntry.Emit silent = new LogEntry.Emit(TAVERN, event("[\"e\"]"));
        assertThat(new String(codec.encode("u", "/", silent).data(), UTF_8)).doesNotContain("terms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{\"life\":-1}",
                "{\"life\":\"1\"}",
                "{\"life\":99999999999999999999999}",
                "{\"life\":9223372036854775807}",
                "{\"headers\":[]}",
                "{\"headers\":{\"a\":1}}",
                "{\"headers\":{\"A\":\"x\"}}",
                "{\"headers\":{\"a\":\"\\n\"}}"
            })
    void anEntryWithTermsThatAreNoneIsLeftOut(String terms) {
        String data = "{\"packet\":{\"type\":2,\"data\":[\"e\"]},\"opts\":{\"rooms\":[],\"except\":[]},\"terms\":"
                + terms + "}";
        assertThat(codec.decode(new StreamFields("u", "/", 3, data.getBytes(UTF_8))))
                .isNull();
    }

    @Test
    void anEntryWithAMillionHeadersIsLeftOut() {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            headers.append(i == 0 ? "" : ",").append("\"h").append(i).append("\":\"\"");
        }
        String data =
                "{\"packet\":{\"type\":2,\"data\":[\"e\"]},\"opts\":{\"rooms\":[],\"except\":[]},\"terms\":{\"headers\":{"
                        + headers + "}}}";
        assertThat(codec.decode(new StreamFields("u", "/", 3, data.getBytes(UTF_8))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "{\"packet\":{\"type\":2,\"data\":[\"e\"]}}",
                "{\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":[]},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":[{}]},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":{}},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":3,\"data\":[\"e\"]},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":[\"disconnect\"]},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":[\"e\"]},\"opts\":{\"rooms\":[{}],\"except\":[]}}",
                "{\"packet\":{\"type\":2,\"data\":[\"e\"]},\"opts\":{\"rooms\":[],\"except\":null}}",
                "{\"packet\":{\"type\":2,\"data\":[\"e\"]},\"opts\":{\"rooms\":[],\"except\":[]}} x",
                "{\"packet\":{\"type\":2,\"data\":[\"e\",01]},\"opts\":{\"rooms\":[],\"except\":[]}}",
                "null",
                "AAAA",
                "gaZwYWNrZXTA",
                "3f////8=",
                "xv////8=",
                "not\r\nbase64"
            })
    void aMalformedEntryIsLeftOut(String data) {
        assertThat(codec.decode(new StreamFields("evil\r\n2026 WARN forged", "/", 3, data.getBytes(UTF_8))))
                .isNull();
    }

    @Test
    void typesThatAreNotOursAreLeftOut() {
        byte[] valid = codec.encode("u", "/", new LogEntry.Emit(TAVERN, event("[\"e\"]")))
                .data();
        for (int type : new int[] {-1, 0, 1, 2, 7, 13, 100, 102, 107, 203}) {
            assertThat(codec.decode(new StreamFields("u", "/", type, valid))).isNull();
        }
        assertThat(codec.decode(new StreamFields("u", "/", 103, valid))).isNull(); // says no node
    }

    @Test
    void invalidUtf8IsLeftOut() {
        byte[] data = codec.encode("u", "/", new LogEntry.Emit(TAVERN, event("[\"e\",\"x\"]")))
                .data();
        int x = new String(data, UTF_8).indexOf("\"x\"") + 1;
        for (byte bad : new byte[] {(byte) 0xc0, (byte) 0xff, (byte) 0x80, (byte) 0xed}) {
            byte[] broken = data.clone();
            broken[x] = bad;
            assertThat(codec.decode(new StreamFields("u", "/", 3, broken))).isNull();
        }
    }

    @Test
    void depthIsBounded() {
        for (int depth : new int[] {900, 100_000}) {
            String json = "[\"e\"," + "[".repeat(depth) + "]".repeat(depth) + "]";
            StreamFields plain = codec.encode("u", "/", new LogEntry.Emit(TAVERN, event(json)));
            assertThat(codec.decode(plain) != null).isEqualTo(depth == 900);
        }
        byte[] nested = new byte[200_000];
        java.util.Arrays.fill(nested, (byte) 0x91);
        nested[nested.length - 1] = (byte) 0x90;
        MsgpackWriter out = new MsgpackWriter();
        byte[] head = out.map(2)
                .string("opts")
                .map(2)
                .string("rooms")
                .array(0)
                .string("except")
                .array(0)
                .string("packet")
                .map(1)
                .string("data")
                .array(2)
                .string("e")
                .toByteArray();
        byte[] all = java.util.Arrays.copyOf(head, head.length + nested.length);
        System.arraycopy(nested, 0, all, head.length, nested.length);
        assertThat(codec.decode(
                        new StreamFields("u", "/", 3, Base64.getEncoder().encode(all))))
                .isNull();
    }

    @Test
    void aForgedPlaceholderNeverReachesAClientAsAnAttachment() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(
                        "u",
                        "/",
                        new LogEntry.Emit(TAVERN, event("[\"e\",{\"_placeholder\":true,\"num\":7}]", new byte[1]))));
        byte[] forged = new MsgpackWriter()
                .map(2)
                .string("packet")
                .map(1)
                .string("data")
                .array(3)
                .string("e")
                .binary(new byte[1])
                .map(2)
                .string("_placeholder")
                .bool(true)
                .string("num")
                .integer(7)
                .string("opts")
                .map(2)
                .string("rooms")
                .array(0)
                .string("except")
                .array(0)
                .toByteArray();
        assertThat(codec.decode(
                        new StreamFields("u", "/", 3, Base64.getEncoder().encode(forged))))
                .isNull();
    }

    @Test
    void roomsThatTheEngineCouldNotNameAreNotJoined() {
        LogEntry join = new LogEntry.Join(TAVERN, new LinkedHashSet<>(List.of("r", "x".repeat(300))));
        assertThat(codec.decode(codec.encode("u", "/", join))).isNull();
    }

    @Test
    void typesAreReadAsNumbersOnly() {
        List<Integer> types = new ArrayList<>();
        for (String text : List.of("3", "103", "", "3x", "-3", "1000", "\r3")) {
            types.add(StreamEntryCodec.parseType(text.getBytes(UTF_8)));
        }
        assertThat(types).containsExactly(3, 103, -1, -1, -1, -1, -1);
        assertThat(StreamEntryCodec.formatType(103)).asString(UTF_8).isEqualTo("103");
    }
}
