package dev.realtime.internal.engineio;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Time;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.RequestDecision;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the application judge the requests that would open connections: where its handlers run, within the share of the client's address, and only so
 * long. Thread-safe.
 */
final class ApplicationJudge {
    private static final Logger LOG = LoggerFactory.getLogger(ApplicationJudge.class);

    private final NodeRuntime runtime;
    private final HandlerShares shares;
    private final Duration patience;
    private final Function<OpeningRequest, CompletionStage<RequestDecision>> code;
    private final Set<Judgement> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean shut;

    /** @param patience how long the application may take */
    ApplicationJudge(
            NodeRuntime runtime,
            HandlerShares shares,
            Duration patience,
            Function<OpeningRequest, CompletionStage<RequestDecision>> code) {
        this.runtime = runtime;
        this.shares = shares;
        this.patience = patience;
        this.code = code;
    }

    /**
     * Judges a request.
     *
     * @return completes with why it is refused, if it is, never on the caller's thread; to be cancelled when the client has gone
     */
    CompletableFuture<Optional<Refusal>> judge(OpeningRequest request) {
        Judgement judgement = new Judgement(request);
        judgement.start();
        return judgement.verdict;
    }

    /** Whoever is being judged is told to come again, elsewhere perhaps. */
    void shut() {
        shut = true;
        List.copyOf(underWay).forEach(judgement -> judgement.refuse(EngineError.UNAVAILABLE));
    }

    private final class Judgement {
        private final String address;
        private final String client;
        private volatile @Nullable OpeningRequest request; // only while somebody waits: it is paid for no longer
        private final CompletableFuture<Optional<Refusal>> verdict = new CompletableFuture<>();
        private final HandlerShares.Share share;
        private final Time.Timer timer;

        Judgement(OpeningRequest request) {
            this.request = request;
            this.address = request.remoteAddress();
            this.client = AddressKey.of(address);
            this.share = shares.hold(client);
            this.timer =
                    runtime.time().schedule(patience, () -> runtime.workers().execute(this::late));
        }

        void start() {
            underWay.add(this);
            var unused = verdict.whenComplete((refusal, gone) -> {
                request = null;
                underWay.remove(this);
                timer.cancel();
                share.release();
            });
            if (shut) {
                refuse(EngineError.UNAVAILABLE);
            } else {
                takeTurn();
            }
        }

        /** Who goes away stands in the line of its address until its turn comes, so it needs a place there. */
        private void takeTurn() {
            if (share.takePlace(0)) {
                share.execute(() -> {
                    share.leavePlace(0);
                    ask();
                });
            } else {
                refuse(EngineError.TOO_MANY);
            }
        }

        private void ask() {
            OpeningRequest judged = request;
            if (judged == null) {
                return; // its time was over before its turn came
            }
            try {
                var unused = Objects.requireNonNull(code.apply(judged), "allowRequestAsync returned null, not a stage")
                        .whenComplete(
                                (decision, failure) -> runtime.workers().execute(() -> decided(decision, failure)));
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }

        private void decided(@Nullable RequestDecision decision, @Nullable Throwable failure) {
            if (failure != null) {
                failed(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            } else if (decision == null) {
                failed(new NullPointerException("allowRequest returned null, not a decision"));
            } else if (decision.isAccepted()) {
                verdict.complete(Optional.empty());
            } else {
                refuse(new ApplicationRefusal(decision));
            }
        }

        private void failed(Throwable cause) {
            if (refuse(EngineError.INTERNAL)) {
                runtime.lines()
                        .error(LOG, client, "allowRequest failed for a request of the client at {}", address, cause);
            }
        }

        private void late() {
            if (refuse(EngineError.UNAVAILABLE)) {
                runtime.counters().count(Counters.Name.HANDLERS_TIMED_OUT);
                runtime.lines()
                        .warn(
                                LOG,
                                client,
                                "allowRequest took longer than {} for a request of the client at {}",
                                patience,
                                address);
            }
        }

        private boolean refuse(Refusal refusal) {
            return verdict.complete(Optional.of(refusal));
        }
    }
}
