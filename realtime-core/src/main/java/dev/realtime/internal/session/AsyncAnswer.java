package dev.realtime.internal.session;

import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.BoundedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer of an asynchronous handler: the result of its stage, or an error if that does not come in time. Either way the session goes on with its
 * next event.
 */
final class AsyncAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncAnswer.class);

    private final Counters counters;
    private final BoundedLog lines;
    private final TimeoutQueue deadlines;
    private final LogContext logs;
    private final LocalSession session;
    private final String event;
    private final Answer answer;

    AsyncAnswer(
            Counters counters,
            BoundedLog lines,
            TimeoutQueue deadlines,
            LogContext logs,
            LocalSession session,
            String event,
            Answer answer) {
        this.counters = counters;
        this.lines = lines;
        this.deadlines = deadlines;
        this.logs = logs;
        this.session = session;
        this.event = event;
        this.answer = answer;
    }

    /**
     * @param late told if it does not come in time
     * @return null when the answer has been given, else what completes when it has
     */
    @Nullable
    CompletionStage<?> of(
            CompletionStage<?> stage,
            Consumer<@Nullable Object> give,
            Consumer<Throwable> failed,
            Consumer<Throwable> late) {
        if (stage.toCompletableFuture().isDone()) {
            stage.whenComplete((reply, failure) -> answer(reply, failure, give, failed));
            return null;
        }
        HandlerWatch watch = session.inbox().watch();
        long began = watch.goesOn();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        TimeoutQueue.Deadline deadline = deadlines.add(() -> {
            late();
            late.accept(new TimeoutException("no answer within " + deadlines.patience()));
            answered.complete(null);
        });
        stage.whenComplete((reply, failure) -> {
            if (deadline.meet()) {
                watch.answered(event, began);
                answer.behindOtherThreads();
                LogContext.Scope scope = answer.logged(logs);
                try {
                    answer(reply, failure, give, failed);
                } finally {
                    scope.close();
                }
                answered.complete(null);
            } else if (answer.isOnce()) {
                answer(reply, failure, give, failed); // for whoever asks again
            }
        });
        return answered;
    }

    private static void answer(
            @Nullable Object reply,
            @Nullable Throwable failure,
            Consumer<@Nullable Object> give,
            Consumer<Throwable> failed) {
        if (failure != null) {
            failed.accept(failure);
            return;
        }
        try {
            give.accept(reply);
        } catch (RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    private void late() {
        counters.count(Counters.Name.HANDLERS_TIMED_OUT);
        lines.warn(
                LOG,
                event,
                "the handler of '{}' has not answered session {} of user {} within {}; the session goes on with its next event",
                event,
                session.id(),
                session.principal().id(),
                deadlines.patience());
        answer.timeOut();
    }
}
