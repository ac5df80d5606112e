package dev.realtime.testkit.simulation;

import java.util.List;

/** Proves that whoever wanted its session back got it, unless there was a reason not to, and that the application heard of it (I2, I7, I17). */
final class Endings {
    private final World world;
    private final List<Player> players;

    Endings(World world, List<Player> players) {
        this.world = world;
        this.players = players;
    }

    void check() {
        for (Player player : players) {
            player.wishes.forEach(this::check);
        }
        for (Life life : world.history.lives.values()) {
            listeners(life);
            if (world.history.disconnected(life) != null && world.history.failovers.isEmpty() && isOpen(life)) {
                world.history.violation(
                        "I4: " + life.id + " goes on after its disconnect at " + world.history.disconnected(life));
            }
            if (!world.history.failovers.isEmpty()
                    && isOpen(life)
                    && !life.epoch.equals(world.cluster.backend().epoch())) {
                world.history.violation("I7: " + life.id + " of " + life.epoch + " goes on");
            }
        }
    }

    private static boolean isOpen(Life life) {
        return !life.segments.isEmpty() && !life.segments.get(life.segments.size() - 1).over;
    }

    private void check(Player.Wish wish) {
        if (wish.got == null || wish.session == null || wish.got.equals(wish.session)) {
            return;
        }
        Life fresh = world.history.life(wish.got);
        String first = fresh.heard.isEmpty() ? "" : fresh.heard.get(0);
        if (!first.startsWith("fresh ")) {
            if (world.isRunning(wish.node)) {
                world.history.violation("I2: " + wish.got + " is fresh instead of " + wish.session
                        + ", and nobody was told: " + fresh.heard);
            }
            return;
        }
        String reason = first.split(" ", 3)[1];
        Life old = world.history.life(wish.session);
        if (!isJustified(reason, wish, old)) {
            world.history.violation("I2: " + wish.session + " was not resumed on " + wish.node + " at " + wish.when
                    + ": " + reason + ", but got " + wish.got + "; " + old.heard + ", ends " + old.ends);
        }
    }

    private boolean isJustified(String reason, Player.Wish wish, Life old) {
        boolean failedOver = !world.history.failovers.isEmpty();
        return switch (reason) {
            case "UNKNOWN_SESSION" -> failedOver || old.lost || !wish.wasKnown || isOver(old, wish.node);
            case "CREDENTIALS_CHANGED" -> !old.user.equals(wish.user);
            case "ROOM_FORBIDDEN" -> true;
            case "EPOCH_CHANGED" -> failedOver;
            case "BACKEND_FAILED" -> world.history.troubledNodes.contains(wish.node);
            case "BAD_OFFSET" -> failedOver;
            case "HISTORY_CUT" -> old.carried != null && old.start != null && old.carried.isAfter(old.start);
            default -> false;
        };
    }

    /** It has ended, and the application was told so, unless that could not be. */
    private boolean isOver(Life old, String node) {
        String removed = old.removed;
        return !old.ends.isEmpty()
                || old.left
                || old.dismissedAt.contains(node)
                || world.history.disconnected(old) != null
                || (removed != null && (!world.isRunning(removed) || world.history.troubledNodes.contains(removed)));
    }

    private void listeners(Life life) {
        long connects =
                life.heard.stream().filter(call -> call.startsWith("connect ")).count();
        if (connects > 1) {
            world.history.violation("I17: " + life.id + " was connected " + connects + " times: " + life.heard);
        }
    }
}
