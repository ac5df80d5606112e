package dev.realtime.redis.internal.intake;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Decides by Redis alone which node carries a command out, and whether it is too old. A nonce is remembered for as long as its command is not too
 * old for any node, whenever it was heard: another node may have a longer window than the one that claims it. Thread-safe.
 */
public final class CommandClaims {
    private static final Script CLAIM = Script.load(CommandClaims.class, "claim.lua");

    /** How far a command's time may be from Redis's clock on any node. */
    public static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);

    private static final Duration REMEMBERED = LONGEST_WINDOW.multipliedBy(3);

    private final Commands commands;
    private final Duration window;

    /** What Redis says of a command. */
    public enum Claim {
        NEW,
        TAKEN,
        STALE
    }

    /** @param window how far a command's time may be from Redis's clock, to either side; at most {@link #LONGEST_WINDOW} */
    public CommandClaims(Commands commands, Duration window) {
        this.commands = commands;
        this.window = window;
    }

    public CompletionStage<Claim> claim(String channel, SignedCommand command) {
        return commands.run(
                        CLAIM,
                        List.of("realtime:admin:" + channel + ":" + command.nonce()),
                        command.at(),
                        window.toMillis(),
                        UUID.randomUUID().toString(), // of this attempt, which may be sent again
                        REMEMBERED.toMillis())
                .thenApply(reply -> switch (RedisConnection.text(reply)) {
                    case "new" -> Claim.NEW;
                    case "stale" -> Claim.STALE;
                    default -> Claim.TAKEN;
                });
    }
}
