package dev.realtime.transport;

/** Whether browsers send a cookie with requests that pages of other sites cause. */
public enum SameSite {
    /** Only with requests of the site's own pages. */
    STRICT("Strict"),
    /** Also when a user follows a link to the site; not with what a foreign page loads or polls. */
    LAX("Lax"),
    /** With every request, as a game on another site needs it; browsers take it only with {@link Cookie#secure()}. */
    NONE("None");

    private final String attribute;

    SameSite(String attribute) {
        this.attribute = attribute;
    }

    /** As it is written in {@code Set-Cookie}. */
    public String attribute() {
        return attribute;
    }
}
