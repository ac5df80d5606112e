package dev.realtime.transport;

import dev.realtime.RealtimeBuilder;
import dev.realtime.internal.options.Range;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of a cookie with the connection's id, for load balancers that keep a polling client on its node. No cookie is sent unless
 * one is given to {@link RealtimeBuilder#cookie}. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * Realtime.builder().cookie(Cookie.DEFAULT.secure(true).sameSite(SameSite.NONE))
 * }</pre>
 */
public final class Cookie {
    private static final Duration LONGEST = Duration.ofDays(400); // browsers keep none for longer

    /** {@code io=…; Path=/; HttpOnly; SameSite=Lax}, until the browser ends. */
    public static final Cookie DEFAULT = new Cookie("io", "/", true, false, SameSite.LAX, null);

    private final String name;
    private final String path;
    private final boolean httpOnly;
    private final boolean secure;
    private final SameSite sameSite;
    private final @Nullable Duration maxAge;

    private Cookie(
            String name, String path, boolean httpOnly, boolean secure, SameSite sameSite, @Nullable Duration maxAge) {
        this.name = name;
        this.path = path;
        this.httpOnly = httpOnly;
        this.secure = secure;
        this.sameSite = sameSite;
        this.maxAge = maxAge;
    }

    /** Returns the cookie's name. */
    public String name() {
        return name;
    }

    /**
     * Sets the cookie's name.
     *
     * @param value 1 to 64 letters, digits, dots, dashes and underscores; default {@code io}
     * @throws IllegalArgumentException if it is something else
     */
    public Cookie name(String value) {
        Objects.requireNonNull(value, "name");
        Range.check(
                value.matches("[A-Za-z0-9_.-]{1,64}"),
                "Cookie.name",
                "1 to 64 letters, digits, dots, dashes and underscores",
                "'" + value + "'");
        return new Cookie(value, path, httpOnly, secure, sameSite, maxAge);
    }

    /** Returns the path of the requests with which browsers send the cookie. */
    public String path() {
        return path;
    }

    /**
     * Sets the path of the requests with which browsers send the cookie.
     *
     * @param value begins with a slash; default {@code /}
     * @throws IllegalArgumentException if it does not, or has characters that would end the attribute
     */
    public Cookie path(String value) {
        Objects.requireNonNull(value, "path");
        Range.check(
                value.matches("/[\\x21-\\x7e&&[^;,]]*"),
                "Cookie.path",
                "a path that begins with '/', in printable ASCII without ';' and ','",
                "'" + value + "'");
        return new Cookie(name, value, httpOnly, secure, sameSite, maxAge);
    }

    /** Returns whether the cookie is hidden from the scripts of a page. */
    public boolean httpOnly() {
        return httpOnly;
    }

    /**
     * Sets whether the cookie is hidden from the scripts of a page.
     *
     * @param value default true
     */
    public Cookie httpOnly(boolean value) {
        return new Cookie(name, path, value, secure, sameSite, maxAge);
    }

    /** Returns whether browsers send the cookie over TLS only. */
    public boolean secure() {
        return secure;
    }

    /**
     * Sets whether browsers send the cookie over TLS only.
     *
     * @param value default false
     */
    public Cookie secure(boolean value) {
        return new Cookie(name, path, httpOnly, value, sameSite, maxAge);
    }

    /** Returns whether browsers send the cookie with requests of other sites. */
    public SameSite sameSite() {
        return sameSite;
    }

    /**
     * Sets whether browsers send the cookie with requests of other sites. {@link SameSite#NONE} needs {@link #secure(boolean)}, which {@link
     * RealtimeBuilder#cookie} checks.
     *
     * @param value default {@link SameSite#LAX}
     */
    public Cookie sameSite(SameSite value) {
        Objects.requireNonNull(value, "sameSite");
        return new Cookie(name, path, httpOnly, secure, value, maxAge);
    }

    /** Returns how long browsers keep the cookie; empty if it ends with the browser. */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    /**
     * Sets how long browsers keep the cookie. By default it ends with the browser.
     *
     * @param value between one second and 400 days, in whole seconds
     * @throws IllegalArgumentException if the value is out of range
     */
    public Cookie maxAge(Duration value) {
        Objects.requireNonNull(value, "maxAge");
        Duration age = Range.between(Duration.ofSeconds(1), LONGEST, "Cookie.maxAge", value);
        return new Cookie(name, path, httpOnly, secure, sameSite, age);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cookie that
                && name.equals(that.name)
                && path.equals(that.path)
                && httpOnly == that.httpOnly
                && secure == that.secure
                && sameSite == that.sameSite
                && Objects.equals(maxAge, that.maxAge);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, path, httpOnly, secure, sameSite, maxAge);
    }

    @Override
    public String toString() {
        return "Cookie[name=" + name + ", path=" + path + ", httpOnly=" + httpOnly + ", secure=" + secure
                + ", sameSite=" + sameSite + ", maxAge=" + maxAge + "]";
    }
}
