package dev.realtime.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link JsonCodec} must do. */
public abstract class JsonCodecContract {
    /** A codec with the default nesting depth of 32. */
    protected abstract JsonCodec codec();

    /** A payload. */
    public record Move(int x, int y) {}

    /** A payload that holds another. */
    public record Step(
            String player,
            Move move,
            List<String> tags,
            @Nullable Integer speed) {}

    /** A payload with binary parts. */
    @SuppressWarnings("ArrayRecordComponent") // compared part by part
    public record Picture(String name, byte[] pixels, List<byte[]> tiles) {}

    /** A payload of an enum. */
    public record Painted(Colour colour) {}

    /** A closed set. */
    public enum Colour {
        RED,
        BLUE
    }

    @Test
    void anEventIsAnArrayWithItsNameFirst() {
        assertThat(json(codec().encode("move", List.of(new Move(1, -2))))).isEqualTo("[\"move\",{\"x\":1,\"y\":-2}]");
        assertThat(json(codec().encode("none", List.of()))).isEqualTo("[\"none\"]");
    }

    @Test
    void anAcknowledgementIsAnArrayOfItsArguments() {
        assertThat(json(codec().encode(null, Arrays.asList("ok", 7, null, true))))
                .isEqualTo("[\"ok\",7,null,true]");
        assertThat(json(codec().encode(null, List.of()))).isEqualTo("[]");
    }

    @Test
    void recordsComeBackAsTheyWere() {
        Step step = new Step(
                "ann \"the\" ünï \uD83D\uDE00\n",
                new Move(Integer.MAX_VALUE, Integer.MIN_VALUE),
                List.of("a", ""),
                null);
        assertThat(roundTrip(step, Step.class)).isEqualTo(step);
    }

    @Test
    void binaryValuesLeaveAsAttachmentsInTheOrderOfTheirPlaceholders() {
        Picture picture = new Picture("p", new byte[] {1, 2}, List.of(new byte[] {3}, new byte[0]));
        EventData data = codec().encode("picture", List.of(picture, ByteBuffer.wrap(new byte[] {9, 8, 7})));
        assertThat(data.attachments()).hasSize(4);
        assertThat(json(data)).contains("{\"_placeholder\":true,\"num\":0}", "{\"_placeholder\":true,\"num\":3}");
        assertThat(data.attachments().get(0)).containsExactly(1, 2);
        assertThat(data.attachments().get(3)).containsExactly(9, 8, 7);
        assertThat(data.size()).isEqualTo(data.json().length + 6);
    }

    @Test
    void attachmentsComeBackWhereTheirPlaceholdersStand() {
        Picture picture = decode(
                "{\"name\":\"p\",\"pixels\":{\"_placeholder\":true,\"num\":1},\"tiles\":[{\"_placeholder\":true,\"num\":0}]}",
                Picture.class,
                new byte[] {5},
                new byte[] {6, 7});
        assertThat(picture.pixels()).containsExactly(6, 7);
        assertThat(picture.tiles()).hasSize(1);
        assertThat(picture.tiles().get(0)).containsExactly(5);
        assertThat(decode("{\"num\":0,\"_placeholder\":true}", byte[].class, new byte[] {4}))
                .containsExactly(4);
    }

    @Test
    void aPlaceholderOfNoAttachmentIsRefused() {
        for (String number : List.of("1", "-1", "99999999999999999999", "0.5", "\"0\"", "null")) {
            assertThatThrownBy(() ->
                            decode("{\"_placeholder\":true,\"num\":" + number + "}", byte[].class, new byte[] {1}))
                    .as(number)
                    .isInstanceOf(JsonCodec.DecodeException.class);
        }
    }

    @Test
    void unknownPropertiesAreIgnored() {
        assertThat(decode(
                        "{\"x\":1,\"y\":2,\"z\":{\"deep\":[1]},\"__proto__\":{\"x\":9},\"constructor\":1}", Move.class))
                .isEqualTo(new Move(1, 2));
    }

    @Test
    void wrongTypesAreRefusedAndNeverBentIntoShape() {
        for (String wrong : List.of(
                "{\"x\":\"1\",\"y\":2}",
                "{\"x\":1.5,\"y\":2}",
                "{\"x\":true,\"y\":2}",
                "{\"x\":null,\"y\":2}",
                "{\"x\":[1],\"y\":2}",
                "{\"x\":2147483648,\"y\":2}",
                "{\"x\":1}",
                "[1,2]",
                "\"text\"",
                "7")) {
            assertThatThrownBy(() -> decode(wrong, Move.class)).as(wrong).isInstanceOf(JsonCodec.DecodeException.class);
        }
        assertThatThrownBy(() -> decode("7", String.class)).isInstanceOf(JsonCodec.DecodeException.class);
        assertThatThrownBy(() -> decode("{\"colour\":\"GREEN\"}", Painted.class))
                .isInstanceOf(JsonCodec.DecodeException.class);
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> decode("{\"x\":1,\"y\":2,\"x\":3}", Move.class))
                .isInstanceOf(JsonCodec.DecodeException.class);
    }

    @Test
    void namesThatCollideInAHashTableHurtNobodyElse() {
        StringBuilder collide = new StringBuilder("{");
        for (int i = 0; i < 256; i++) {
            collide.append(i > 0 ? "," : "").append('"');
            for (int bit = 0; bit < 8; bit++) {
                collide.append((i >> bit & 1) == 0 ? "ab" : "bA");
            }
            collide.append("\":1");
        }
        collide.append('}');
        for (int i = 0; i < 3; i++) {
            assertThat((Map<?, ?>) decode(collide.toString(), Map.class)).hasSize(256);
        }
        for (int count : new int[] {40, 100, 300, 700, 1_500}) {
            String honest = IntStream.range(0, count)
                    .mapToObj(i -> "\"item" + count + "-" + i + "\":1")
                    .collect(Collectors.joining(",", "{", "}"));
            assertThat((Map<?, ?>) decode(honest, Map.class)).hasSize(count);
        }
    }

    @Test
    void whatIsNoSingleJsonValueIsRefused() {
        for (String wrong :
                List.of("", " ", "{", "{\"x\":1,\"y\":2} 7", "{'x':1,'y':2}", "NaN", "nul", "[1,]", "/**/1")) {
            assertThatThrownBy(() -> decode(wrong, Object.class))
                    .as(wrong)
                    .isInstanceOf(JsonCodec.DecodeException.class);
        }
    }

    @Test
    void nestingBeyondTheDepthIsRefusedWithoutExhaustingTheStack() {
        assertThatThrownBy(() -> decode("[".repeat(100_000) + "]".repeat(100_000), Object.class))
                .isInstanceOf(JsonCodec.DecodeException.class);
        assertThatThrownBy(() -> decode("{\"a\":".repeat(100) + "1" + "}".repeat(100), Object.class))
                .isInstanceOf(JsonCodec.DecodeException.class);
        assertThat(decode("[".repeat(16) + "]".repeat(16), Object.class)).isNotNull();
    }

    @Test
    void hugeNumbersAreRefusedOrKeptButNeverExpensive() {
        assertThatThrownBy(() -> decode("9".repeat(500_000), Object.class))
                .isInstanceOf(JsonCodec.DecodeException.class);
        assertThatThrownBy(() -> decode("1e999999999", int.class)).isInstanceOf(JsonCodec.DecodeException.class);
    }

    @Test
    void messagesDoNotRepeatWhatTheClientSent() {
        for (String secret : List.of(
                "{\"x\":\"s3cret\",\"y\":1}",
                "s3cret",
                "{\"x\":1,\"y\":2,\"s3cret\":1,\"s3cret\":2}",
                "{\"colour\":\"s3cret\"}")) {
            for (Type type : List.<Type>of(Move.class, Painted.class)) {
                try {
                    codec().decode(secret, List.of(), type);
                } catch (JsonCodec.DecodeException e) {
                    assertThat(e.getMessage())
                            .doesNotContain("s3cret")
                            .doesNotContain("dev.realtime")
                            .doesNotContain("\n");
                }
            }
        }
    }

    @Test
    void genericTypesAreBound() {
        assertThat(codec().decode("[{\"x\":1,\"y\":2}]", List.of(), parameterized(List.class, Move.class)))
                .isEqualTo(List.of(new Move(1, 2)));
        assertThat(codec().decode(
                                "{\"a\":[1]}",
                                List.of(),
                                parameterized(Map.class, String.class, parameterized(List.class, Integer.class))))
                .isEqualTo(Map.of("a", List.of(1)));
    }

    @Test
    void nullIsNull() {
        assertThat(codec().decode("null", List.of(), Move.class)).isNull();
    }

    @Test
    void whatHasNoJsonFormIsRefused() {
        Object cycle = new Object[1];
        ((Object[]) cycle)[0] = cycle;
        assertThatThrownBy(() -> codec().encode("e", List.of(new Thread("x"), cycle)))
                .isInstanceOf(JsonCodec.EncodeException.class);
        assertThatThrownBy(() -> codec().encode("e", List.of(cycle))).isInstanceOf(JsonCodec.EncodeException.class);
    }

    @Test
    void nothingThatClientsRefuseLeaves() {
        Object deep = 1;
        for (int i = 0; i < 64; i++) {
            deep = List.of(deep);
        }
        List<byte[]> eleven = Collections.nCopies(11, new byte[1]);
        for (Object poison : List.of(
                Map.of("_placeholder", true, "num", 0),
                Map.of("a", List.of(Map.of("_placeholder", true))),
                Map.of("_placeholder", 1),
                Map.of("_placeholder", new byte[1]),
                new BigDecimal("1e400"),
                BigInteger.TEN.pow(400),
                deep,
                eleven)) {
            assertThatThrownBy(() -> codec().encode("e", List.of(poison, new byte[1])))
                    .as(String.valueOf(poison))
                    .isInstanceOf(JsonCodec.EncodeException.class);
        }
        assertThat(json(codec().encode("e", List.of(Map.of("_placeholder", false)))))
                .isEqualTo("[\"e\",{\"_placeholder\":false}]");
        assertThat(codec().encode("e", List.of(eleven.subList(0, 10))).attachments())
                .hasSize(10);
    }

    @Test
    void oneAttachmentHasOnePlaceholder() {
        String first = "{\"_placeholder\":true,\"num\":0}";
        assertThatThrownBy(() -> decode("[" + first + "," + first + "]", Object.class, new byte[1]))
                .isInstanceOf(JsonCodec.DecodeException.class);
    }

    /** A payload of which parts may be left out. */
    public record Profile(
            String name, List<String> tags, @Nullable String motto, Optional<String> guild, OptionalInt level) {}

    @Test
    void componentsAreRequiredUnlessTheyAreOptional() {
        Profile full = new Profile("ann", List.of("a"), null, Optional.empty(), OptionalInt.empty());
        assertThat(decode("{\"name\":\"ann\",\"tags\":[\"a\"]}", Profile.class)).isEqualTo(full);
        assertThat(decode(
                        "{\"name\":\"ann\",\"tags\":[\"a\"],\"motto\":null,\"guild\":null,\"level\":null}",
                        Profile.class))
                .isEqualTo(full);
        assertThat(decode("{\"name\":\"ann\",\"tags\":[],\"motto\":\"m\",\"guild\":\"g\",\"level\":7}", Profile.class))
                .isEqualTo(new Profile("ann", List.of(), "m", Optional.of("g"), OptionalInt.of(7)));
        for (String wrong : List.of(
                "{\"tags\":[]}",
                "{\"name\":null,\"tags\":[]}",
                "{\"name\":\"ann\"}",
                "{\"name\":\"ann\",\"tags\":null}",
                "{}")) {
            assertThatThrownBy(() -> decode(wrong, Profile.class))
                    .as(wrong)
                    .isInstanceOf(JsonCodec.DecodeException.class);
        }
    }

    /** A payload of times. */
    public record Calendar(
            Instant at,
            LocalDate day,
            LocalDateTime local,
            OffsetDateTime offset,
            Duration lasts,
            Optional<LocalDate> until,
            Map<LocalDate, String> notes,
            UUID id) {}

    @Test
    void timesAreIsoStrings() {
        Calendar calendar = new Calendar(
                Instant.parse("2026-01-02T03:04:05.006Z"),
                LocalDate.of(2026, 1, 2),
                LocalDateTime.of(2026, 1, 2, 3, 4, 5),
                OffsetDateTime.parse("2026-01-02T03:04:05+01:00"),
                Duration.ofSeconds(90),
                Optional.of(LocalDate.of(2026, 2, 3)),
                Map.of(LocalDate.of(2026, 1, 1), "new year"),
                new UUID(1, 2));
        assertThat(json(codec().encode(null, List.of(calendar))))
                .contains(
                        "\"2026-01-02T03:04:05.006Z\"",
                        "\"day\":\"2026-01-02\"",
                        "\"PT1M30S\"",
                        "\"until\":\"2026-02-03\"",
                        "{\"2026-01-01\":");
        assertThat(roundTrip(calendar, Calendar.class)).isEqualTo(calendar);
        for (String wrong : List.of("7", "[2026,1,2]", "\"2026-13-01\"", "\"\"")) {
            assertThatThrownBy(() -> decode(wrong, LocalDate.class))
                    .as(wrong)
                    .isInstanceOf(JsonCodec.DecodeException.class);
        }
    }

    /** Of a type that no text is a value of. */
    public record Broken(Runnable task) {}

    @Test
    void whatCannotBeReadIsSaidBeforehand() {
        for (Type type : List.<Type>of(Runnable.class, Broken.class, parameterized(List.class, Broken.class))) {
            assertThatThrownBy(() -> codec().checkReadable(type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Runnable");
        }
        for (Type type : List.<Type>of(
                Move.class, Step.class, Picture.class, Profile.class, Calendar.class, Object.class, Map.class)) {
            codec().checkReadable(type);
            codec().checkWritable(type);
        }
    }

    @Test
    void loneSurrogatesLeaveAsWellFormedText() {
        byte[] bytes = codec().encode("e", List.of("a\uD800b")).json();
        assertThat(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                .isEqualTo(bytes);
    }

    private <T> T roundTrip(T value, Class<T> type) {
        EventData data = codec().encode(null, List.of(value));
        String json = json(data);
        return decode(
                json.substring(1, json.length() - 1), type, data.attachments().toArray(byte[][]::new));
    }

    private <T> T decode(String json, Class<T> type, byte[]... attachments) {
        Object value = codec().decode(json, List.of(attachments), type);
        if (value == null) {
            throw new AssertionError("null came out of " + json);
        }
        @SuppressWarnings("unchecked") // primitive types cannot cast
        T typed = (T) value;
        return typed;
    }

    private static String json(EventData data) {
        return new String(data.json(), StandardCharsets.UTF_8);
    }

    private static Type parameterized(Class<?> raw, Type... arguments) {
        return new ParameterizedType() {
            @Override
            public Type[] getActualTypeArguments() {
                return arguments.clone();
            }

            @Override
            public Type getRawType() {
                return raw;
            }

            @Override
            public @Nullable Type getOwnerType() {
                return null;
            }
        };
    }
}
