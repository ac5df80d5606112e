/** What tests of applications, and of implementations of the SPI, are written with. */
module dev.realtime.testkit {
    exports dev.realtime.testkit;
    exports dev.realtime.testkit.backend;
    exports dev.realtime.testkit.contract;
    exports dev.realtime.testkit.simulation;

    requires java.net.http;
    requires com.fasterxml.jackson.core;
    requires transitive dev.realtime.core;
    requires org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
}
