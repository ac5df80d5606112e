package dev.realtime.admin;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hash of bcrypt, as programs for Node.js and Apache write it. Immutable; shows itself to nobody. */
final class PasswordHash {
    /** Characters of what is compared; a password may have so many, though only 72 bytes of it count. */
    static final int LONGEST = 256;

    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final int LEAST_COST = 4;
    private static final int MOST_COST = 16;

    private final byte[] text;

    PasswordHash(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "passwordHash must be a hash of bcrypt, as in $2b$12$…, but is a text of " + text.length()
                            + " characters of another form");
        }
        int cost = Integer.parseInt(form.group(1));
        if (cost < LEAST_COST || cost > MOST_COST) {
            throw new IllegalArgumentException(
                    "passwordHash must have a cost between " + LEAST_COST + " and " + MOST_COST + ", but has " + cost);
        }
        // the versions differ in nothing that counts here: 2b and 2y are names for 2a without the faults that some
        // programs had
        this.text = ("$2a" + text.substring(3)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Makes a digest one that only nodes with the same hash come to. */
    void addTo(MessageDigest digest) {
        digest.update(text);
    }

    /** Takes as long as the cost of the hash says, whatever the password. */
    boolean matches(String password) {
        return BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(password.getBytes(StandardCharsets.UTF_8), text)
                .verified;
    }
}
