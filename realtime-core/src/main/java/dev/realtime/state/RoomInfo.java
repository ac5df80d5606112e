package dev.realtime.state;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of a room, whether anybody is in it or not: a {@linkplain State shared state} of the room, and nothing else.
 *
 * <pre>{@code
 * game.state(RoomInfo.STATE);
 *
 * States<RoomInfo> rooms = realtime.namespace("/").state(RoomInfo.STATE);
 * rooms.of(LOBBY.of("chess")).update("server", info -> info == null ? RoomInfo.of("lobby", now) : info.with("title", "Chess"));
 * }</pre>
 *
 * @param type what kind of room it is, in the application's words
 * @param createdAt milliseconds since the epoch
 * @param data whatever else there is to say, as JSON can say it
 */
public record RoomInfo(String type, long createdAt, Map<String, Object> data) {
    /** Kept for 30 days after it was written or watched last. */
    public static final State<RoomInfo> STATE = State.of("room", RoomInfo.class).timeToLive(Duration.ofDays(30));

    public RoomInfo {
        Objects.requireNonNull(type, "type");
        data = Map.copyOf(Objects.requireNonNull(data, "data"));
    }

    /** Returns a room of which nothing else is known. */
    public static RoomInfo of(String type, long createdAt) {
        return new RoomInfo(type, createdAt, Map.of());
    }

    /** Returns the same room, of which this is known as well. */
    public RoomInfo with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(data);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new RoomInfo(type, createdAt, more);
    }
}
