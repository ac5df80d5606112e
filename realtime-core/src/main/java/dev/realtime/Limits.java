package dev.realtime;

import java.time.Duration;

/**
 * What clients may ask of a server. Start from {@link #DEFAULT} and change single values: {@code Limits.DEFAULT.maxPayload(64_000)}.
 *
 * @param maxConnections on this node; default 100,000
 * @param maxConnectionsPerIp default 1,000 (many players share an address)
 * @param maxConnectionsPerUser sessions of one user in one namespace on this node; default 16
 * @param handshakesPerSecond new connections accepted per second on this node; default 10,000
 * @param maxPayload bytes of one WebSocket message or one HTTP body; default 1,000,000 as upstream
 * @param maxPacketsPerBody packets in one polling body; default 1,024
 * @param maxAttachments binary attachments of one packet; default 16
 * @param maxNamespaces of one connection; default 16
 * @param maxRooms of one session; default 256
 * @param maxDepth of nested JSON; default 32
 * @param maxPendingEvents received but not yet handled, per session; default 1,024. More ends the session with
 *     {@link DisconnectReason#FLOOD}
 * @param connectTimeout for the first CONNECT after the handshake; default 45 s as upstream
 * @param upgradeTimeout for a probing WebSocket to complete the upgrade; default 10 s as upstream
 * @param authenticationTimeout for authenticator and connect interceptors; default 15 s
 */
public record Limits(
        int maxConnections,
        int maxConnectionsPerIp,
        int maxConnectionsPerUser,
        int handshakesPerSecond,
        int maxPayload,
        int maxPacketsPerBody,
        int maxAttachments,
        int maxNamespaces,
        int maxRooms,
        int maxDepth,
        int maxPendingEvents,
        Duration connectTimeout,
        Duration upgradeTimeout,
        Duration authenticationTimeout) {

    public static final Limits DEFAULT = new Limits(
            100_000,
            1_000,
            16,
            10_000,
            1_000_000,
            1_024,
            16,
            16,
            256,
            32,
            1_024,
            Duration.ofSeconds(45),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15));

    public Limits {
        positive("maxConnections", maxConnections);
        positive("maxConnectionsPerIp", maxConnectionsPerIp);
        positive("maxConnectionsPerUser", maxConnectionsPerUser);
        positive("handshakesPerSecond", handshakesPerSecond);
        positive("maxPayload", maxPayload);
        positive("maxPacketsPerBody", maxPacketsPerBody);
        notNegative("maxAttachments", maxAttachments);
        positive("maxNamespaces", maxNamespaces);
        notNegative("maxRooms", maxRooms);
        positive("maxDepth", maxDepth);
        positive("maxPendingEvents", maxPendingEvents);
        atLeast("connectTimeout", connectTimeout);
        atLeast("upgradeTimeout", upgradeTimeout);
        atLeast("authenticationTimeout", authenticationTimeout);
    }

    private static void positive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + value);
        }
    }

    private static void notNegative(String option, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(option + " must not be negative, but is " + value);
        }
    }

    private static void atLeast(String option, Duration value) {
        if (value.toMillis() < 10) {
            throw new IllegalArgumentException(option + " must be at least 10 ms, but is " + value);
        }
    }

    public Limits maxConnections(int value) {
        return new Limits(
                value,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxConnectionsPerIp(int value) {
        return new Limits(
                maxConnections,
                value,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxConnectionsPerUser(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                value,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits handshakesPerSecond(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                value,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxPayload(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                value,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxPacketsPerBody(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                value,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxAttachments(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                value,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxNamespaces(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                value,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxRooms(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                value,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxDepth(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                value,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits maxPendingEvents(int value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                value,
                connectTimeout,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits connectTimeout(Duration value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                value,
                upgradeTimeout,
                authenticationTimeout);
    }

    public Limits upgradeTimeout(Duration value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                value,
                authenticationTimeout);
    }

    public Limits authenticationTimeout(Duration value) {
        return new Limits(
                maxConnections,
                maxConnectionsPerIp,
                maxConnectionsPerUser,
                handshakesPerSecond,
                maxPayload,
                maxPacketsPerBody,
                maxAttachments,
                maxNamespaces,
                maxRooms,
                maxDepth,
                maxPendingEvents,
                connectTimeout,
                upgradeTimeout,
                value);
    }
}
