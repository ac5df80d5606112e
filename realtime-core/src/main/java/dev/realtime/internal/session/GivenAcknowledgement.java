package dev.realtime.internal.session;

import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup.Acknowledgement;
import dev.realtime.Request;
import java.util.Objects;

/** The acknowledgement of one request, as its handler gives it from whatever thread. */
final class GivenAcknowledgement<R> implements Acknowledgement<R> {
    private final Request<?, R> request;
    private final Payloads payloads;
    private final Answer answer;

    GivenAcknowledgement(Request<?, R> request, Payloads payloads, Answer answer) {
        this.request = request;
        this.payloads = payloads;
        this.answer = answer;
    }

    @Override
    public boolean isWanted() {
        return answer.isWanted();
    }

    @Override
    public void give(R reply) {
        answer.byHandler();
        answer.give(payloads.arguments(request, reply));
    }

    @Override
    public void refuse(EventRefusedException refusal) {
        Objects.requireNonNull(refusal, "refusal");
        answer.byHandler();
        answer.refuse(refusal);
    }
}
