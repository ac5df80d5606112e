package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the engine from a Jakarta servlet container: WebSocket and long-polling on one path, in Tomcat 10.1 and 11, Jetty 12
 * (ee10), Undertow 2.3 and what embeds them. Map it to {@code path + "*"} with {@code asyncSupported}, or let
 * {@link #register} do both; a filter in front of it needs {@code asyncSupported} too. The container's WebSocket support must be
 * present.
 *
 * <p>No request occupies a thread while it waits. The servlet owns up to five daemon threads for closing connections, from
 * {@link #init} to {@link #destroy}; the engine is not its own and is closed by whoever built it.
 *
 * <p>What depends on the container:
 *
 * <ul>
 *   <li>A client that goes away while its poll is held is noticed when the reply is written, not before: containers do not watch
 *       the socket of a suspended HTTP/1.1 request.
 *   <li>A reply to a client that stopped reading is given up after the container's own write or idle timeout; Undertow has none
 *       by default ({@code UndertowOptions.IDLE_TIMEOUT}).
 *   <li>Compression, where switched on, is the container's: the threshold does not apply, and messages are compressed for each
 *       recipient. Undertow needs {@code PerMessageDeflateHandshake} in its deployment.
 *   <li>A peer that does not answer a close frame loses its socket after {@link TransportDoors#patience()}, in Tomcat up to ten
 *       seconds later.
 * </ul>
 */
public final class RealtimeServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RealtimeServlet.class);
    private static final String CONTAINER = "jakarta.websocket.server.ServerContainer";
    private static final String NAME = "realtime";

    /** The attribute of a request that is to become a WebSocket. */
    private static final String ACCEPTED = RealtimeServlet.class.getName() + ".accepted";

    /** What the engine itself says to such a request, in the protocol's form (Engine.IO error code 3). */
    private static final HttpReply BAD_REQUEST = new HttpReply(
            400,
            Map.of("Content-Type", "application/json"),
            "{\"code\":3,\"message\":\"Bad request\"}".getBytes(StandardCharsets.UTF_8));

    private final transient TransportDoors doors;
    private final transient ClientLog log = new ClientLog();
    private transient @Nullable Closers closers;
    private transient @Nullable ServerContainer container;

    /** A servlet for this engine; map it to {@link TransportDoors#path()} with async support, or let {@link #register} do it. */
    public RealtimeServlet(Realtime realtime) {
        this(doorsOf(realtime));
    }

    /** Serves these doors; one servlet may be mapped once. */
    public RealtimeServlet(TransportDoors doors) {
        this.doors = Objects.requireNonNull(doors, "doors");
    }

    /** As {@link #register(ServletContext, TransportDoors)}, for the doors of this engine. */
    public static ServletRegistration.Dynamic register(ServletContext context, Realtime realtime) {
        Objects.requireNonNull(context, "context");
        return register(context, doorsOf(realtime));
    }

    /**
     * Adds a servlet for these doors to a context that is still starting, with asynchronous support and mapped to the engine's
     * path.
     *
     * @throws IllegalStateException if the name {@code realtime} or the path is taken in this context
     */
    public static ServletRegistration.Dynamic register(ServletContext context, TransportDoors doors) {
        Objects.requireNonNull(context, "context");
        ServletRegistration.Dynamic registration = context.addServlet(NAME, new RealtimeServlet(doors));
        if (registration == null) {
            throw new IllegalStateException("the context has a servlet named '" + NAME + "' already");
        }
        String mapping = doors.path() + "*";
        Set<String> conflicts = registration.addMapping(mapping);
        if (!conflicts.isEmpty()) {
            throw new IllegalStateException("another servlet is mapped to " + mapping + " already");
        }
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
        return registration;
    }

    private static TransportDoors doorsOf(Realtime realtime) {
        if (!Objects.requireNonNull(realtime, "realtime").isOpen()) {
            throw new IllegalStateException("this Realtime is closed, or stops, and lets nobody in");
        }
        return realtime.doors();
    }

    @Override
    public void init() throws ServletException {
        if (!(getServletContext().getAttribute(CONTAINER) instanceof ServerContainer found)) {
            throw new ServletException(
                    "the container offers no WebSocket support in this context: add its WebSocket module"
                            + " (tomcat-embed-websocket, jetty-ee10-websocket-jakarta-server, undertow-websockets-jsr)");
        }
        container = found;
        closers = new Closers();
        LOG.info("Socket.IO is served at {} of this application", doors.path());
    }

    @Override
    public void destroy() {
        if (closers != null) {
            closers.stop();
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Closers threads = closers;
        ServerContainer sockets = container;
        if (threads == null || sockets == null) {
            throw new ServletException("the servlet has not been initialised");
        }
        if (request.getAttribute(ACCEPTED) instanceof UpgradeConfigurator accepted) {
            upgrade(sockets, request, response, accepted);
            return;
        }
        RequestView view = RequestCopy.of(request);
        UpgradeRequest upgrade = new UpgradeRequest(request);
        if (!upgrade.isForWebSocket()) {
            doors.exchange(exchange(view, request, response, threads));
        } else if (!upgrade.isWellFormed()) {
            exchange(view, request, response, threads).reply(BAD_REQUEST);
        } else {
            CompletableFuture<UpgradeDecision> judged = doors.upgrade(view).toCompletableFuture();
            if (!judged.isDone()) {
                upgradeLater(view, request, exchange(view, request, response, threads), judged, threads);
            } else if (judged.join() instanceof UpgradeDecision.Accepted accepted) {
                upgrade(sockets, request, response, configurator(view, accepted, threads));
            } else if (judged.join() instanceof UpgradeDecision.Refused refused) {
                exchange(view, request, response, threads).reply(refused.reply());
            }
        }
    }

    /** Containers upgrade a request on a thread of their own alone, so an accepted one comes back to {@link #service}. */
    private void upgradeLater(
            RequestView view,
            HttpServletRequest request,
            ServletExchange exchange,
            CompletableFuture<UpgradeDecision> judged,
            Closers threads) {
        exchange.onAbort(() -> judged.cancel(false));
        var unused = judged.whenComplete((decision, cancelled) -> {
            if (decision instanceof UpgradeDecision.Accepted accepted) {
                request.setAttribute(ACCEPTED, configurator(view, accepted, threads));
                exchange.comeBack();
            } else if (decision instanceof UpgradeDecision.Refused refused) {
                exchange.reply(refused.reply());
            }
        });
    }

    private UpgradeConfigurator configurator(RequestView view, UpgradeDecision.Accepted accepted, Closers threads) {
        SocketEndpoint endpoint = new SocketEndpoint(doors, threads, log, view.remoteAddress(), accepted.open());
        return new UpgradeConfigurator(
                endpoint, accepted.headers(), doors.compression().enabled());
    }

    private static void upgrade(
            ServerContainer container,
            HttpServletRequest request,
            HttpServletResponse response,
            UpgradeConfigurator configurator)
            throws ServletException, IOException {
        // Jetty demands a public class; the configurator supplies the instance
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(Endpoint.class, "/")
                .configurator(configurator)
                .build();
        try {
            container.upgradeHttpToWebSocket(request, response, config, Map.of());
        } catch (DeploymentException failed) {
            throw new ServletException("the container refused the WebSocket upgrade", failed);
        }
    }

    private ServletExchange exchange(
            RequestView view, HttpServletRequest request, HttpServletResponse response, Closers threads)
            throws ServletException {
        if (!request.isAsyncSupported()) {
            throw new ServletException(
                    "asynchronous processing is off: set asyncSupported on this servlet and on every filter before it");
        }
        return ServletExchange.start(view, request, response, threads, log, doors);
    }
}
