package dev.realtime.internal.jwt;

import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.realtime.Principal;
import dev.realtime.internal.options.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a good token says the client is.
 *
 * @param roles claims that hold roles: a list of texts, or one text with spaces between them
 * @param permissions likewise
 */
public record ClaimMapping(List<String> roles, List<String> permissions) {
    private static final Set<String> REGISTERED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");
    private static final int MAX_SUBJECT = 256;
    private static final int MAX_ID = 256;
    private static final int MAX_CLAIMS = 64;
    private static final int MAX_DEPTH = 16;

    public static final ClaimMapping DEFAULT = new ClaimMapping(List.of("roles"), List.of("permissions", "scope"));

    public Principal principal(DecodedJWT token, @Nullable Instant end) throws TokenRefusedException {
        String subject = token.getSubject();
        if (subject == null || subject.isBlank()) {
            throw TokenRefusedException.because("it has no subject");
        }
        if (subject.length() > MAX_SUBJECT) {
            throw TokenRefusedException.because("its subject is longer than " + MAX_SUBJECT + " characters");
        }
        if (!Range.isWellFormed(subject)) {
            throw TokenRefusedException.because("its subject is not well-formed UTF-16");
        }
        Principal principal = Principal.of(subject)
                .roles(words(token, roles))
                .permissions(words(token, permissions))
                .claims(further(token));
        String id = id(token);
        if (id != null) {
            principal = principal.tokenId(id);
        }
        Instant issued = token.getIssuedAtAsInstant();
        if (issued != null) {
            principal = principal.issuedAt(issued);
        }
        return end == null ? principal : principal.expiresAt(end);
    }

    /** What is not a text would be an id by which nobody could revoke the token. */
    private static @Nullable String id(DecodedJWT token) throws TokenRefusedException {
        Object id = value(token.getClaim("jti"));
        if (id == null || id.equals("")) {
            return null;
        }
        if (!(id instanceof String text) || text.length() > MAX_ID || !Range.isWellFormed(text)) {
            throw TokenRefusedException.because(
                    "its id is not a well-formed text of at most " + MAX_ID + " characters");
        }
        return text;
    }

    private static Set<String> words(DecodedJWT token, List<String> names) throws TokenRefusedException {
        Set<String> words = new LinkedHashSet<>();
        for (String name : names) {
            Object value = value(token.getClaim(name));
            if (value instanceof String text) {
                for (String word : text.split(" ", -1)) {
                    if (!word.isEmpty()) {
                        words.add(word);
                    }
                }
            } else if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
                list.forEach(word -> words.add((String) word));
            } else if (value != null) {
                throw TokenRefusedException.because("its claim '" + name + "' is neither a list of texts nor a text");
            }
        }
        return words;
    }

    private Map<String, Object> further(DecodedJWT token) throws TokenRefusedException {
        Map<String, Object> further = new LinkedHashMap<>();
        for (Map.Entry<String, Claim> claim : token.getClaims().entrySet()) {
            String name = claim.getKey();
            if (REGISTERED.contains(name) || roles.contains(name) || permissions.contains(name)) {
                continue;
            }
            Object value = frozen(value(claim.getValue()), MAX_DEPTH);
            if (value != null) {
                further.put(name, value);
            }
        }
        if (further.size() > MAX_CLAIMS) {
            throw TokenRefusedException.because("it has more than " + MAX_CLAIMS + " claims");
        }
        return further;
    }

    private static @Nullable Object value(Claim claim) {
        return claim.isMissing() || claim.isNull() ? null : claim.as(Object.class);
    }

    /** The same value, which nobody can change: a principal is shared between threads. */
    private static @Nullable Object frozen(@Nullable Object value, int depth) throws TokenRefusedException {
        if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
            return value;
        }
        if (depth == 0) {
            throw TokenRefusedException.because("its claims are nested deeper than " + MAX_DEPTH);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            for (Object element : list) {
                copy.add(frozen(element, depth - 1));
            }
            return Collections.unmodifiableList(copy);
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            copy.put(String.valueOf(entry.getKey()), frozen(entry.getValue(), depth - 1));
        }
        return Collections.unmodifiableMap(copy);
    }
}
