package dev.realtime;

import dev.realtime.envelope.EnvelopeForm;
import dev.realtime.limits.RateLimit;
import dev.realtime.mail.MailForm;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a {@linkplain Event.Contract contract} says beside its name and its payload. A policy is a field with its default here, a line in the copy, and
 * a method of the contract that changes it. Nothing changes once {@link #with} has returned.
 */
final class Policy<T> {
    boolean payloadNullable;
    boolean acknowledged = true;
    boolean speech;
    Optional<String> permission = Optional.empty();
    List<RateLimit> limits = List.of();
    Optional<Event.Validator<? super T>> validator = Optional.empty();
    Optional<Duration> expiresAfter = Optional.empty();
    Optional<String> category = Optional.empty();
    Optional<EnvelopeForm<? super T>> envelope = Optional.empty();
    Optional<MailForm<? super T>> mail = Optional.empty();

    Policy() {}

    private Policy(Policy<T> other) {
        payloadNullable = other.payloadNullable;
        acknowledged = other.acknowledged;
        speech = other.speech;
        permission = other.permission;
        limits = other.limits;
        validator = other.validator;
        expiresAfter = other.expiresAfter;
        category = other.category;
        envelope = other.envelope;
        mail = other.mail;
    }

    /** Returns a copy that has been changed. */
    Policy<T> with(Consumer<Policy<T>> change) {
        Policy<T> changed = new Policy<>(this);
        change.accept(changed);
        return changed;
    }

    /** Adds a limit, in the place of the one of the same category. */
    void limit(RateLimit most) {
        limits = Stream.concat(
                        limits.stream().filter(limit -> !limit.category().equals(most.category())), Stream.of(most))
                .sorted(Comparator.comparing(limit -> limit.category().orElse("")))
                .toList();
    }
}
