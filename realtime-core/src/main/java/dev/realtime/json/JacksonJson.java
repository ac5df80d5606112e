package dev.realtime.json;

import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.RealtimeBuilder;
import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.internal.session.ContractEncoder;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.limits.Limits;
import dev.realtime.spi.EventEncoder;
import dev.realtime.spi.JsonCodec;
import java.util.List;
import java.util.Objects;

/**
 * The default codec, and variants of it that know more types, for {@link RealtimeBuilder#json} and for publishers.
 *
 * <pre>{@code
 * Realtime.builder().json(JacksonJson.with(new JtsModule()))      // the default rules, and types of a module
 * Realtime.builder().json(JacksonJson.of(applicationMapper))      // the rules of the application's mapper
 * }</pre>
 *
 * <p>Whichever is chosen, binary values travel as attachments, components of records are required unless they are optional, and nothing
 * leaves that clients cannot read (docs/payloads.md).
 */
public final class JacksonJson {
    private JacksonJson() {}

    /** Returns the default codec. */
    public static JsonCodec codec() {
        return new JacksonCodec(Limits.DEFAULT.maxDepth());
    }

    /**
     * Returns what encodes events where there is no engine.
     *
     * @param codec as the engines have it that share the backend
     */
    public static EventEncoder encoder(JsonCodec codec) {
        return new ContractEncoder(Objects.requireNonNull(codec, "codec"), SystemTime::wallTime);
    }

    /** Returns the default codec with modules, which take precedence over its own rules. */
    public static JsonCodec with(Module... modules) {
        for (Module module : Objects.requireNonNull(modules, "modules")) {
            Objects.requireNonNull(module, "modules");
        }
        return JacksonCodec.with(List.of(modules));
    }

    /**
     * Returns a codec that binds as the application's mapper does. The mapper is copied; what is changed in it afterwards has no effect. It needs modules of its own for
     * {@code java.time} and {@code Optional}. Bounds of its {@code StreamReadConstraints} on the depth of a value and the length of a string hold besides
     * those of {@link Limits}.
     *
     * @throws IllegalStateException if the mapper is of a class that cannot be copied
     */
    public static JsonCodec of(ObjectMapper mapper) {
        Objects.requireNonNull(mapper, "mapper");
        return JacksonCodec.of(mapper);
    }
}
