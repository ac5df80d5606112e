/**
 * The engine. Applications see {@code dev.realtime}, transports and backends {@code dev.realtime.spi}; the packages
 * under {@code dev.realtime.internal} are nobody else's business.
 */
module dev.realtime.core {
    exports dev.realtime;
    exports dev.realtime.batches;
    exports dev.realtime.drain;
    exports dev.realtime.envelope;
    exports dev.realtime.events;
    exports dev.realtime.health;
    exports dev.realtime.idempotency;
    exports dev.realtime.json;
    exports dev.realtime.jwt;
    exports dev.realtime.limits;
    exports dev.realtime.logs;
    exports dev.realtime.mail;
    exports dev.realtime.memory;
    exports dev.realtime.presence;
    exports dev.realtime.schedule;
    exports dev.realtime.state;
    exports dev.realtime.throttle;
    exports dev.realtime.transport;
    exports dev.realtime.users;
    exports dev.realtime.spi;

    requires transitive org.jspecify;
    requires com.auth0.jwt;
    requires com.fasterxml.jackson.core;
    requires transitive com.fasterxml.jackson.databind;
    requires java.management;
    requires io.github.resilience4j.ratelimiter;
    requires transitive org.slf4j;
}
