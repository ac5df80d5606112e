package dev.realtime.admin;

import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.spi.AddressKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Lets administrators in. Who is let in stays anonymous: no rule about users of the game is about administrators, and no user of the game is one. Every password that is shown costs the same work,
 * whether there is such a name or not, and no more than two are worked on at a time.
 */
final class AdminLogin implements Authenticator {
    private static final int AT_ONCE = 2;

    private final AdminOptions options;
    private final LoginTokens tokens;
    private final LoginAttempts attempts = new LoginAttempts();
    private final Semaphore turns = new Semaphore(AT_ONCE);

    AdminLogin(AdminOptions options, LoginTokens tokens) {
        this.options = options;
        this.tokens = tokens;
    }

    @Override
    public Optional<Principal> authenticate(Handshake handshake) {
        PasswordHash hash = options.password();
        if (hash == null) {
            return Optional.empty();
        }
        long now = handshake.at().toEpochMilli();
        if (tokens.isGood(handshake.auth("sessionId").orElse(""), now)) {
            return Optional.empty();
        }
        String password = handshake.auth("password").orElse("");
        if (password.isEmpty() || password.length() > PasswordHash.LONGEST) {
            throw invalid();
        }
        String address = AddressKey.of(handshake.remoteAddress());
        if (!turns.tryAcquire()) { // before it counts as an attempt: it is none
            throw new ConnectRefusedException(ErrorCode.RATE_LIMITED);
        }
        try {
            if (!attempts.begin(address, now)) {
                throw new ConnectRefusedException(ErrorCode.RATE_LIMITED);
            }
            if (!isGood(handshake.auth("username").orElse(""), password, hash)) {
                throw invalid();
            }
            attempts.succeeded(address, now);
            return Optional.empty();
        } finally {
            turns.release();
        }
    }

    private boolean isGood(String username, String password, PasswordHash hash) {
        boolean sameName = MessageDigest.isEqual(
                username.getBytes(StandardCharsets.UTF_8), options.username().getBytes(StandardCharsets.UTF_8));
        boolean samePassword = hash.matches(password); // whatever the name
        return sameName && samePassword;
    }

    /** The words by which the UI knows that it has to ask for a password. */
    private static ConnectRefusedException invalid() {
        return new ConnectRefusedException("unauthorized", "invalid credentials");
    }
}
