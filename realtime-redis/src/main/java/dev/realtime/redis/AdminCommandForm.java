package dev.realtime.redis;

import dev.realtime.json.JacksonJson;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A command as JSON: what is to be done, and of the rest what that needs.
 *
 * @param command {@code disconnect}, {@code revoke_credentials}, {@code revoke_token}, {@code announce}, {@code join} or {@code leave}
 */
record AdminCommandForm(
        String command,
        Optional<String> namespace,
        Optional<String> user,
        Optional<String> room,
        Optional<List<String>> rooms,
        Optional<String> text,
        Optional<String> token,
        OptionalLong seconds) {
    private static final JsonCodec JSON = JacksonJson.codec();

    /** Returns the JSON of a command. */
    static String write(AdminCommand command) {
        AdminCommandForm form;
        if (command instanceof AdminCommand.Disconnect one) {
            form = of("disconnect", null, one.user(), null, null, one.reason());
        } else if (command instanceof AdminCommand.RevokeCredentials one) {
            form = of("revoke_credentials", null, one.user(), null, null, null);
        } else if (command instanceof AdminCommand.RevokeToken one) {
            form = new AdminCommandForm(
                    "revoke_token",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(one.tokenId()),
                    OptionalLong.of(Math.max(1, one.duration().toSeconds())));
        } else if (command instanceof AdminCommand.Announce one) {
            form = of("announce", one.namespace(), null, one.room().orElse(null), null, one.text());
        } else if (command instanceof AdminCommand.Join one) {
            form = of("join", one.namespace(), one.user(), null, one.rooms(), null);
        } else if (command instanceof AdminCommand.Leave one) {
            form = of("leave", one.namespace(), one.user(), null, one.rooms(), null);
        } else {
            throw new IllegalStateException("nobody writes " + command.getClass());
        }
        EventData data = JSON.encode(null, List.of(form));
        return new String(data.json(), 1, data.json().length - 2, StandardCharsets.UTF_8);
    }

    private static AdminCommandForm of(
            String command,
            @Nullable String namespace,
            @Nullable String user,
            @Nullable String room,
            @Nullable List<String> rooms,
            @Nullable String text) {
        return new AdminCommandForm(
                command,
                Optional.ofNullable(namespace),
                Optional.ofNullable(user),
                Optional.ofNullable(room),
                Optional.ofNullable(rooms),
                Optional.ofNullable(text),
                Optional.empty(),
                OptionalLong.empty());
    }

    /** @throws DecodeException if it is no command */
    static AdminCommand read(String text) {
        AdminCommandForm form = (AdminCommandForm) JSON.decode(text, List.of(), AdminCommandForm.class);
        if (form == null) {
            throw new DecodeException("a command is missing");
        }
        return form.meant();
    }

    private AdminCommand meant() {
        return switch (command) {
            case "disconnect" -> new AdminCommand.Disconnect(needed("user", user), needed("text", text));
            case "revoke_credentials" -> new AdminCommand.RevokeCredentials(needed("user", user));
            case "revoke_token" ->
                new AdminCommand.RevokeToken(
                        needed("token", token),
                        Duration.ofSeconds(
                                seconds.orElseThrow(() -> new DecodeException("a command needs 'seconds'"))));
            case "announce" -> new AdminCommand.Announce(needed("namespace", namespace), room, needed("text", text));
            case "join" ->
                new AdminCommand.Join(needed("namespace", namespace), needed("user", user), needed("rooms", rooms));
            case "leave" ->
                new AdminCommand.Leave(needed("namespace", namespace), needed("user", user), needed("rooms", rooms));
            default -> throw new DecodeException("a command that this node does not know");
        };
    }

    private static <T> T needed(String member, Optional<T> value) {
        return value.orElseThrow(() -> new DecodeException("a command needs '" + member + "'"));
    }
}
