package dev.realtime;

import java.util.Set;

/** A session as seen from anywhere: what {@link Audience#fetch()} returns. A snapshot. */
public record SessionView(String id, String node, Principal principal, Set<RoomKey> rooms, boolean connected) {}
