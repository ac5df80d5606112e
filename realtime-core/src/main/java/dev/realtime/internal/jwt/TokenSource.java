package dev.realtime.internal.jwt;

import dev.realtime.Handshake;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a client shows its token: in the {@code auth} payload, else in the {@code Authorization} header, else in the query if that is
 * switched on. The first place that holds anything decides; a bad token there is not made good by another one elsewhere.
 *
 * @param authField the field of the payload
 * @param queryParameter null: the query is not looked at
 */
public record TokenSource(String authField, @Nullable String queryParameter) {
    private static final String BEARER = "Bearer";

    /** The token in {@code auth.token} or the header. */
    public static final TokenSource DEFAULT = new TokenSource("token", null);

    public TokenSource {
        if (authField.isEmpty() || (queryParameter != null && queryParameter.isEmpty())) {
            throw new IllegalArgumentException(
                    "the field or parameter that holds the token needs a name, but it is empty");
        }
    }

    /** @return empty when the client shows nothing at all */
    public Optional<String> find(Handshake handshake) throws TokenRefusedException {
        Object shown = handshake.auth().get(authField);
        if (shown instanceof String token) {
            return Optional.of(token);
        }
        if (shown != null) {
            throw TokenRefusedException.because("the auth payload holds something else than a text in its place");
        }
        Optional<String> bearer = bearer(handshake);
        return bearer.isPresent() || queryParameter == null ? bearer : handshake.query(queryParameter);
    }

    /** RFC 6750 §2.1. Another scheme is somebody else's, such as a proxy's. */
    private static Optional<String> bearer(Handshake handshake) throws TokenRefusedException {
        List<String> headers = handshake.headers().getOrDefault("authorization", List.of());
        if (headers.size() > 1) {
            throw TokenRefusedException.because("there is more than one Authorization header");
        }
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        String header = headers.get(0).strip();
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String rest = header.substring(BEARER.length());
        boolean otherScheme = !rest.isEmpty() && rest.charAt(0) != ' ';
        return otherScheme ? Optional.empty() : Optional.of(rest.strip());
    }
}
