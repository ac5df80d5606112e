package dev.realtime.testkit;

import dev.realtime.Authenticator;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Believes every client: the {@code auth} payload says who it is ({@code user}), what it is ({@code roles}) and may do ({@code permissions}), and
 * of its credentials the id ({@code tokenId}), since when ({@code issued}) and until when they are good ({@code expires}; ISO 8601 instants). A client
 * that names no user shows no credentials. For tests alone.
 */
public final class TestUsers implements Authenticator {
    @Override
    public Optional<Principal> authenticate(Handshake handshake) {
        return handshake.auth("user").map(user -> {
            Principal principal =
                    Principal.of(user).roles(words(handshake, "roles")).permissions(words(handshake, "permissions"));
            principal = handshake.auth("tokenId").map(principal::tokenId).orElse(principal);
            principal = instant(handshake, "issued").map(principal::issuedAt).orElse(principal);
            return instant(handshake, "expires").map(principal::expiresAt).orElse(principal);
        });
    }

    private static Set<String> words(Handshake handshake, String field) {
        Set<String> words = new HashSet<>();
        if (handshake.auth().get(field) instanceof List<?> list) {
            list.forEach(word -> words.add(String.valueOf(word)));
        }
        return words;
    }

    private static Optional<Instant> instant(Handshake handshake, String field) {
        return handshake.auth(field).map(Instant::parse);
    }
}
