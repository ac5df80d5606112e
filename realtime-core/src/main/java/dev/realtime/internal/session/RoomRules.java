package dev.realtime.internal.session;

import dev.realtime.NamespaceSetup.RoomRule;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Who may be in which rooms, as the application says: a rule for each kind that has one. Immutable. */
public final class RoomRules {
    private final Map<String, RoomRule> byKind;
    private final UnaryOperator<Principal> now;

    /** @param byKind by the name of the kind; without one of its own, nobody may be in the room of another user */
    public RoomRules(Map<String, RoomRule> byKind) {
        Map<String, RoomRule> all = new HashMap<>(byKind);
        all.putIfAbsent(RoomKind.USER.name(), (principal, room) -> false);
        this.byKind = Map.copyOf(all);
        this.now = UnaryOperator.identity();
    }

    private RoomRules(Map<String, RoomRule> byKind, UnaryOperator<Principal> now) {
        this.byKind = byKind;
        this.now = now;
    }

    /** Returns the same rules, which see users as they are at run time. */
    public RoomRules seeing(UnaryOperator<Principal> users) {
        return new RoomRules(byKind, users);
    }

    /** Whether there is a rule to ask. A user's own room is the engine's, and nobody is asked for it. */
    public boolean concern(Principal principal, RoomKey room) {
        String kind = room.kind();
        return byKind.containsKey(kind)
                && !(kind.equals(RoomKind.USER.name()) && room.name().equals(principal.id()));
    }

    /** Asks the rule, which may block. */
    public boolean allow(Principal principal, RoomKey room) {
        RoomRule rule = byKind.get(room.kind());
        return rule == null || rule.allows(now.apply(principal), room);
    }
}
