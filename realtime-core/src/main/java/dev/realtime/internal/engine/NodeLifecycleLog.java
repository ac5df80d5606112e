package dev.realtime.internal.engine;

import dev.realtime.drain.DrainOptions;
import dev.realtime.internal.node.NodeContext;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log lines about the life of one node: for operators, a few in all. */
final class NodeLifecycleLog {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycleLog.class);

    private final NodeContext context;

    NodeLifecycleLog(NodeContext context) {
        this.context = context;
    }

    void started() {
        LOG.info(
                "node {} has started: Realtime {}, Java {}, path {}, transports {}, recovery {}, backend {}",
                context.node(),
                version(),
                Runtime.version().feature(),
                context.path(),
                new TreeSet<>(context.transports()),
                context.recovery().isOn() ? context.recovery().window() : "off",
                context.backend());
    }

    void drains(int connections, int sessions, DrainOptions options) {
        LOG.info(
                "node {} drains: {} connections and {} sessions, {} at most, announced for {}, spread over {}",
                context.node(),
                connections,
                sessions,
                options.deadline(),
                options.announce(),
                options.spread());
    }

    void hasDrained() {
        LOG.info("node {} has drained", context.node());
    }

    void didNotDrain(Exception why) {
        LOG.warn("node {} did not become quiet in time", context.node(), why);
    }

    void stopped() {
        LOG.info("node {} has stopped", context.node());
    }

    /** From the module path, or from the manifest of the jar; classes in a folder have none. */
    private static String version() {
        Module module = NodeLifecycleLog.class.getModule();
        Optional<String> version = module.isNamed()
                ? module.getDescriptor().version().map(ModuleDescriptor.Version::toString)
                : Optional.ofNullable(NodeLifecycleLog.class.getPackage().getImplementationVersion());
        return version.orElse("of an unknown version");
    }
}
