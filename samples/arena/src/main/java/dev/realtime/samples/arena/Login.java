package dev.realtime.samples.arena;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The REST side of who somebody is. Nothing is stored: the token says it all. */
final class Login {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_\\- ]{2,16}");
    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);

    private final Tokens tokens;
    private final Colours colours;

    Login(Tokens tokens, Colours colours) {
        this.tokens = tokens;
        this.colours = colours;
    }

    record Ticket(String token, Player player) {}

    record Renewed(String token) {}

    /** {@code POST /api/login} with {@code {name}}. */
    HttpReply login(RequestView request, byte[] body) {
        Optional<String> name = name(body);
        if (name.isEmpty()) {
            return Rest.refused(400, "invalid_name", "Please use 2–16 letters, digits, spaces, - or _.");
        }
        Player player = Player.newcomer(UUID.randomUUID().toString(), name.get(), colours.next());
        return Rest.ok(new Ticket(tokens.issue(player), player));
    }

    /** {@code POST /api/refresh} with a token that is still good. */
    HttpReply refresh(RequestView request, byte[] body) {
        return authenticated(request, player -> Rest.ok(new Renewed(tokens.issue(player))));
    }

    /** Answers for the player whose token the request shows, else 401. */
    HttpReply authenticated(RequestView request, Function<Player, HttpReply> answer) {
        return Optional.ofNullable(request.header("authorization"))
                .map(BEARER::matcher)
                .filter(java.util.regex.Matcher::matches)
                .flatMap(bearer -> tokens.verify(bearer.group(1)))
                .map(answer)
                .orElseGet(() -> Rest.with(
                        Rest.refused(401, "unauthorized", "Please log in again."),
                        Map.of("WWW-Authenticate", "Bearer")));
    }

    private static Optional<String> name(byte[] body) {
        try {
            JsonNode name = Rest.JSON.readTree(body).path("name");
            return Optional.of(name.asText("").strip().replaceAll("\\s+", " "))
                    .filter(text -> name.isTextual() && NAME.matcher(text).matches());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
