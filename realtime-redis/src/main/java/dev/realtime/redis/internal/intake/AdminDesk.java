package dev.realtime.redis.internal.intake;

import dev.realtime.redis.internal.intake.CommandClaims.Claim;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each command before anything else is done with it: whether it is signed with a key that this node knows, then whether it is fresh and
 * nobody's yet. No line of the log has a secret, a signature or what a command says. For the thread of its channel.
 */
public final class AdminDesk implements IntakeChannel.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);

    private final Map<String, byte[]> keys;
    private final CommandClaims claims;
    private final Duration patience;
    private final Function<String, CompletionStage<?>> office;
    private final IntakeCounters counters;
    private final BoundedLog lines;
    private final KnownNonces nonces = new KnownNonces();

    /**
     * @param keys secrets by the id of their key
     * @param patience for the answer to a claim
     * @param office carries the command out, which it gets as JSON
     */
    public AdminDesk(
            Map<String, byte[]> keys,
            CommandClaims claims,
            Duration patience,
            Function<String, CompletionStage<?>> office,
            IntakeCounters counters,
            BoundedLog lines) {
        this.keys = Map.copyOf(keys);
        this.claims = claims;
        this.patience = patience;
        this.office = office;
        this.counters = counters;
        this.lines = lines;
    }

    @Override
    public void handle(Heard message) throws InterruptedException {
        String channel = message.channel();
        SignedCommand command;
        try {
            command = SignedCommand.parse(message.payload());
        } catch (DecodeException e) {
            counters.count(IntakeCount.FORGED);
            lines.warn(LOG, channel, "what was heard on channel {} is no signed command", channel);
            return;
        }
        byte[] secret = keys.get(command.key());
        if (secret == null || !command.isSignedWith(secret, channel)) {
            counters.count(IntakeCount.FORGED);
            lines.warn(
                    LOG,
                    channel,
                    "a command on channel {} was refused: it is not signed with key '{}' as this node knows it",
                    channel,
                    command.key());
            return;
        }
        if (nonces.isKnown(command.nonce())) {
            counters.count(IntakeCount.REPLAYED);
            lines.warn(LOG, channel, "a command on channel {} was refused: it was heard before", channel);
            return;
        }
        carryOut(channel, command);
    }

    private void carryOut(String channel, SignedCommand command) throws InterruptedException {
        try {
            Claim claim = claims.claim(channel, command)
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (claim == Claim.STALE) {
                counters.count(IntakeCount.STALE);
                lines.warn(
                        LOG,
                        channel,
                        "a command on channel {} was refused: it was signed too long ago, or ahead of Redis's clock",
                        channel);
            } else if (claim == Claim.NEW) {
                var unused = office.apply(command.command())
                        .whenComplete((done, failure) -> finished(channel, command, failure));
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            finished(channel, command, e);
        }
    }

    private void finished(String channel, SignedCommand command, @Nullable Throwable failure) {
        if (failure == null) {
            counters.count(IntakeCount.COMMANDS);
            return;
        }
        counters.count(IntakeCount.COMMANDS_FAILED);
        lines.error(
                LOG,
                channel,
                "a command on channel {}, signed with key '{}', could not be carried out: {}",
                channel,
                command.key(),
                kind(failure));
    }

    /** What kind of failure it was, and where. What failures say quotes the command, so that is left out. */
    private static String kind(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
