package dev.realtime.internal.jwt;

import dev.realtime.ErrorCode;

/**
 * A token is no good. The message says which check failed and is for the log: it is made of our own words and of what was configured,
 * never of the token or its claims. The client learns the code alone.
 */
public final class TokenRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    private TokenRefusedException(ErrorCode code, String check) {
        super(check, null, false, false);
        this.code = code;
    }

    static TokenRefusedException because(String check) {
        return new TokenRefusedException(ErrorCode.UNAUTHORIZED, check);
    }

    /** Everything about it was good once. */
    static TokenRefusedException expired() {
        return new TokenRefusedException(ErrorCode.CREDENTIALS_EXPIRED, "it has expired");
    }

    public ErrorCode code() {
        return code;
    }
}
