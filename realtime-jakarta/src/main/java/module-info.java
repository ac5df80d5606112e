/** The engine's servlet for Jakarta containers. */
module dev.realtime.jakarta {
    exports dev.realtime.jakarta;

    requires transitive dev.realtime.core;
    requires transitive jakarta.servlet;
    requires jakarta.websocket;
    requires jakarta.websocket.client;
}
