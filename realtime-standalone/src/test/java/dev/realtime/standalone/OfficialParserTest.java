package dev.realtime.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.realtime.Event;
import dev.realtime.json.JacksonJson;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventEncoder;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever hostile values an application hands on, what leaves is taken by the parser of the official JavaScript client. */
class OfficialParserTest {
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final Event<Object> SAID = (Event) Event.of("said", Object.class);

    private static final Path SCRIPTS = Path.of("src/test/js");

    private final EventEncoder encoder = JacksonJson.encoder(JacksonJson.codec());
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void theOfficialParserTakesWhateverLeaves() throws Exception {
        Random random = new Random(8);
        List<String> packets = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            try {
                packets.add(packet(encoder.encode(SAID, value(random, 0))));
            } catch (EncodeException e) {
                refused++;
            }
        }
        assertThat(refused).as("some are refused, some are not").isBetween(100, 4_900);
        assertThat(verdicts(packets)).hasSameSizeAs(packets).containsOnly("ok");
    }

    @Test
    void theOracleKnowsPoison() throws Exception {
        assertThat(verdicts(List.of("[\"51-[\\\"a\\\",{\\\"_placeholder\\\":true,\\\"num\\\":1}]\",\"AQ==\"]")))
                .containsExactly("refused: illegal attachments");
    }

    private String packet(EventData data) throws Exception {
        ArrayNode line = mapper.createArrayNode();
        int count = data.attachments().size();
        line.add((count == 0 ? "2" : "5" + count + "-") + new String(data.json(), UTF_8));
        data.attachments().forEach(line::add);
        return mapper.writeValueAsString(line);
    }

    private @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 8 : 14)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1e300).get(random.nextInt(3));
            case 4 -> new BigDecimal(random.nextInt(8) == 0 ? "1e400" : "1e-400");
            case 5 -> "\ud83d _placeholder \u2028\u0000\"\\";
            case 6, 7 -> new byte[random.nextInt(3)];
            case 8 ->
                new RawValue(List.of("{\"_placeholder\":true,\"num\":7}", "[1", "{\"a\":1,\"a\":2}", "[true]", "{}")
                        .get(random.nextInt(5)));
            case 9 -> placeholder(random);
            case 10, 11 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i >= 0; i--) {
                    map.put(
                            List.of("a", "num", "__proto__", "constructor", "", "toJSON")
                                    .get(random.nextInt(6)),
                            value(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private Map<String, @Nullable Object> placeholder(Random random) {
        Map<String, @Nullable Object> forged = new LinkedHashMap<>();
        forged.put("_placeholder", List.of(false, true, 1, "true").get(Math.max(0, random.nextInt(12) - 8)));
        if (random.nextBoolean()) {
            forged.put("num", random.nextInt(12) - 1);
        }
        return forged;
    }

    private static List<String> verdicts(List<String> packets) throws Exception {
        assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/socket.io-parser")),
                "skipped: the client is not installed; run: npm ci --prefix realtime-standalone/src/test/js");
        Process node = new ProcessBuilder("node", "oracle.mjs")
                .directory(SCRIPTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (Writer in = new OutputStreamWriter(node.getOutputStream(), UTF_8);
                BufferedReader out = new BufferedReader(new InputStreamReader(node.getInputStream(), UTF_8))) {
            List<String> verdicts = new ArrayList<>();
            for (String packet : packets) {
                in.write(packet + '\n');
                in.flush();
                verdicts.add(out.readLine());
            }
            return verdicts;
        } finally {
            node.destroy();
            node.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
