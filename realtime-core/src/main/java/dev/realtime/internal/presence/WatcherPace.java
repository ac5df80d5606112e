package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.PartChooser;
import dev.realtime.internal.fanout.PartedEvent;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much clients that watch are told, and shown, at once: a share of what an outbox holds. What is beyond that they are shown a little later, as it is then. What
 * they are not told they are shown in any case before {@link DiffLoads#SHOWN_WITHIN}, so that nobody need know of it who takes over the session later. Used in the
 * fan-out's turn only.
 */
final class WatcherPace implements PartChooser<LocalSession> {
    private static final Duration STEP = Duration.ofMillis(200);
    private static final long LONGEST = Duration.ofSeconds(10).toNanos();

    private final Fanout<LocalSession> fanout;
    private final PresenceJson json;
    private final Time time;
    private final int most;
    private final Map<LocalSession, ToldClient> clients =
            new LinkedHashMap<>(); // those that were told something lately
    private boolean planned;

    /** @param most bytes that a client is told in a second, and is shown in another one */
    WatcherPace(Fanout<LocalSession> fanout, PresenceJson json, Time time, int most) {
        this.fanout = fanout;
        this.json = json;
        this.time = time;
        this.most = most;
    }

    @Override
    public BitSet choose(LocalSession session, Position at, PartedEvent event, BitSet his) {
        BitSet now = new BitSet();
        if (session.waiting() >= 0) {
            ToldClient client = client(session);
            for (int i = his.nextSetBit(0); i >= 0; i = his.nextSetBit(i + 1)) {
                PartedEvent.Part part = event.parts().get(i);
                if (client.takes(part.room(), part.json().length, DiffLoads.second(at), time.nanoTime())) {
                    now.set(i);
                }
            }
        }
        return now;
    }

    private ToldClient client(LocalSession session) {
        plan();
        return clients.computeIfAbsent(session, one -> new ToldClient(most));
    }

    /** Shows how things are here and now; what changes from here on the client is told. Of rooms for which it has no room it is shown the numbers first. */
    void show(LocalSession session, List<Watched> watched) {
        Position here = fanout.position();
        for (Watched one : watched) {
            // begun anew, so that it is known anywhere from where on the client has to have been told
            session.leaveAt(Set.of(one.watchers()), here);
            session.joinAt(Set.of(one.watchers()), here);
        }
        ToldClient client = client(session);
        long now = time.nanoTime();
        showUsers(session, client, watched, now);
        for (Watched one : watched) {
            if (one.isRoom()) {
                send(session, roomFor(session, client, one, here, now));
            }
        }
    }

    /** A room is made only where it is likely to fit: crowds take long. */
    private EventData roomFor(LocalSession session, ToldClient client, Watched one, Position here, long now) {
        if (!client.isFull(now)) {
            EventData event = json.room(one.name());
            if (client.hasRoomFor(event.json().length, 0, now)) {
                client.shows(one.watchers(), event.json().length, now);
                hasBeenShown(session, one);
                return event;
            }
            client.fill(now);
        }
        client.owes(one.watchers(), now);
        session.joinAt(Set.of(one.unshown()), here);
        return json.numbers(one.name());
    }

    private void showUsers(LocalSession session, ToldClient client, List<Watched> watched, long now) {
        List<Watched> users = watched.stream().filter(one -> !one.isRoom()).toList();
        if (!users.isEmpty()) {
            users.forEach(one -> {
                client.shows(one.watchers(), 0, now);
                hasBeenShown(session, one);
            });
            for (EventData event : json.users(users.stream().map(Watched::name).toList())) {
                client.shows("", event.json().length, now);
                send(session, event);
            }
        }
    }

    private static void hasBeenShown(LocalSession session, Watched one) {
        if (session.memberships().open(one.unshown()) != null) {
            session.exit(one.unshown());
        }
    }

    private void send(LocalSession session, EventData event) {
        fanout.deliver(
                session,
                OutboundMessage.reliable(
                        fanout.messages().encoder().event(event.json(), List.of(), -1, fanout.stamp())));
    }

    /** What the client of a session has not been shown before it went. */
    List<Watched> owed(LocalSession session) {
        ToldClient client = clients.get(session);
        return client == null ? List.of() : watched(session, client);
    }

    private void plan() {
        if (!planned) {
            planned = true;
            time.schedule(STEP, () -> fanout.execute(this::step));
        }
    }

    private void step() {
        planned = false;
        for (Iterator<Map.Entry<LocalSession, ToldClient>> each =
                        clients.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<LocalSession, ToldClient> one = each.next();
            LocalSession session = one.getKey();
            ToldClient client = one.getValue();
            if (session.lifecycle().isClosed() || client.isIdle(time.nanoTime())) {
                each.remove();
            } else if (!client.owed().isEmpty() && session.waiting() >= 0) {
                showMore(session, client);
            }
        }
        if (!clients.isEmpty()) {
            plan();
        }
    }

    /** What it is not told comes first. */
    private void showMore(LocalSession session, ToldClient client) {
        long now = time.nanoTime();
        List<Watched> owed = watched(session, client);
        List<Watched> untold = owed.stream()
                .filter(one -> client.owed().getOrDefault(one.watchers(), false))
                .toList();
        if (client.untoldFor(now) > LONGEST) {
            show(session, untold);
        } else if (session.waiting() <= most && !client.isFull(now)) {
            Set<Watched> inOrder = new LinkedHashSet<>(untold);
            inOrder.addAll(owed);
            showSome(session, client, inOrder, now);
        }
    }

    /** As many as there is room for. */
    private void showSome(LocalSession session, ToldClient client, Set<Watched> inOrder, long now) {
        List<Watched> some = new ArrayList<>();
        int bytes = 0;
        boolean full = false;
        for (Watched one : inOrder) {
            int size = one.isRoom() ? json.room(one.name()).json().length : 0;
            full = !client.hasRoomFor(size, bytes, now);
            if (full) {
                break;
            }
            some.add(one);
            bytes += size;
        }
        show(session, some);
        if (full) {
            client.fill(now);
        }
    }

    /** What a client is to be shown, if it is still watched. */
    private static List<Watched> watched(LocalSession session, ToldClient client) {
        client.owed().keySet().removeIf(room -> session.memberships().open(room) == null);
        List<Watched> watched = new ArrayList<>();
        for (String room : client.owed().keySet()) {
            Watched one = Watched.by(room);
            if (one != null) {
                watched.add(one);
            }
        }
        return watched;
    }
}
