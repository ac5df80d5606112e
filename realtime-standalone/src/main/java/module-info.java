/** The engine on a port of its own. */
module dev.realtime.standalone {
    exports dev.realtime.standalone;

    requires transitive dev.realtime.core;
    requires jakarta.websocket;
    requires jakarta.websocket.client;
    requires org.glassfish.grizzly;
    requires org.glassfish.tyrus.core;
    requires org.glassfish.tyrus.server;
    requires org.glassfish.tyrus.spi;
}
