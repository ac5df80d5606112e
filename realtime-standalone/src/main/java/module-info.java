/** The engine on a port of its own. */
module dev.realtime.standalone {
    exports dev.realtime.standalone;

    requires transitive dev.realtime.core;
    requires org.glassfish.grizzly;
}
