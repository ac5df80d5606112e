package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.glassfish.grizzly.attributes.AttributeHolder;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.util.HttpStatus;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate in front of WebSocket: asks the engine, lets Tyrus shake hands, then takes the connection out of HTTP for good. A refused
 * upgrade loses its {@code Upgrade} header and goes on as an ordinary request that carries its reply.
 */
final class UpgradeFilter extends BaseFilter {
    /** Request attribute: the reply to send instead of an upgrade. */
    static final String REFUSED = "dev.realtime.standalone.refused";

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeFilter.class);

    private final TransportDoors doors;
    private final TyrusHandshake handshake;
    private final WebSockets sockets;
    private final FilterChain webSocketChain;
    private final IdleConnections idle;

    UpgradeFilter(
            TransportDoors doors,
            TyrusHandshake handshake,
            WebSockets sockets,
            FilterChain webSocketChain,
            IdleConnections idle) {
        this.doors = doors;
        this.handshake = handshake;
        this.sockets = sockets;
        this.webSocketChain = webSocketChain;
        this.idle = idle;
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        if (!(ctx.getMessage() instanceof HttpContent content)
                || !(content.getHttpHeader() instanceof HttpRequestPacket request)
                || !"websocket".equalsIgnoreCase(request.getUpgrade())) {
            return ctx.getInvokeAction();
        }
        HttpReply refused = tryUpgrade(ctx, content, request);
        if (refused == null) {
            return ctx.getStopAction();
        }
        makeOrdinary(request);
        request.setAttribute(REFUSED, refused);
        return ctx.getInvokeAction();
    }

    /**
     * Grizzly stops parsing bodies as soon as a request offers any upgrade at all. The JDK's HTTP client offers HTTP/2 with every
     * POST; nobody has to accept that.
     */
    @Override
    public NextAction handleEvent(FilterChainContext ctx, FilterChainEvent event) {
        if (event instanceof HttpEvents.IncomingHttpUpgradeEvent offer
                && offer.getHttpHeader() instanceof HttpRequestPacket request) {
            request.setIgnoreContentModifiers(false);
            if (!"websocket".equalsIgnoreCase(request.getUpgrade())) {
                makeOrdinary(request);
            }
        }
        return ctx.getInvokeAction();
    }

    private static void makeOrdinary(HttpRequestPacket request) {
        request.setUpgrade((String) null);
        request.getHeaders().removeHeader("Upgrade");
    }

    private @Nullable HttpReply tryUpgrade(FilterChainContext ctx, HttpContent content, HttpRequestPacket request) {
        RequestView view = RequestViews.of(request);
        HttpReply malformed = malformed(view, content, request);
        if (malformed != null) {
            return malformed;
        }
        UpgradeResponse response = handshake.answer(view);
        if (response == null) {
            return Json.error(400, "bad WebSocket handshake");
        }
        try {
            UpgradeDecision decision = doors.upgrade(view);
            if (decision instanceof UpgradeDecision.Refused no) {
                return no.reply();
            }
            upgrade(ctx, request, view, response, (UpgradeDecision.Accepted) decision);
            return null;
        } catch (RuntimeException e) {
            LOG.error("upgrade failed", e);
            return Json.error(500, "internal error");
        }
    }

    private @Nullable HttpReply malformed(RequestView view, HttpContent content, HttpRequestPacket request) {
        String path = view.path().endsWith("/") ? view.path() : view.path() + "/";
        if (!path.equals(doors.path())) {
            return Json.error(404, "not found");
        }
        if (!view.method().equals("GET") || request.getProtocol() != Protocol.HTTP_1_1) {
            return Json.error(400, "an upgrade is an HTTP/1.1 GET");
        }
        if (!"13".equals(view.header("sec-websocket-version"))) {
            return Json.error(426, "unsupported WebSocket version", "Sec-WebSocket-Version", "13");
        }
        if (!tokens(view, "connection").contains("upgrade") || !keyIsGood(view.header("sec-websocket-key"))) {
            return Json.error(400, "bad WebSocket handshake");
        }
        if (request.getContentLength() > 0
                || request.isChunked()
                || content.getContent().hasRemaining()) {
            return Json.error(400, "an upgrade has no body");
        }
        return null;
    }

    private static List<String> tokens(RequestView view, String header) {
        List<String> values = view.headers().getOrDefault(header, List.of());
        return List.of(String.join(",", values).toLowerCase(Locale.ROOT).trim().split("\\s*,\\s*"));
    }

    private static boolean keyIsGood(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.trim()).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void upgrade(
            FilterChainContext ctx,
            HttpRequestPacket request,
            RequestView view,
            UpgradeResponse response,
            UpgradeDecision.Accepted accepted) {
        TCPNIOConnection connection = (TCPNIOConnection) ctx.getConnection();
        SocketWriter writer = sockets.writer(connection, view.secure());
        boolean compressed = TyrusHandshake.compresses(response);
        WebSocketLink link = sockets.open(connection, writer, compressed);
        switchProtocols(ctx, request, response, accepted.headers(), writer);
        release(connection);
        connection.getAttributes().setAttribute(WebSockets.ATTRIBUTE, link);
        connection.setProcessor(webSocketChain);
        link.listen(accepted.open().apply(link));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as in DirectWriter
    private static void switchProtocols(
            FilterChainContext ctx,
            HttpRequestPacket request,
            UpgradeResponse response,
            Map<String, String> more,
            SocketWriter writer) {
        HttpResponsePacket packet = request.getResponse();
        packet.setProtocol(Protocol.HTTP_1_1);
        packet.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        response.getHeaders().forEach((name, values) -> packet.setHeader(name, String.join(", ", values)));
        more.forEach(packet::setHeader);
        ctx.write(HttpContent.builder(packet).build(), (org.glassfish.grizzly.EmptyCompletionHandler) writer.behind());
    }

    /** Lets go of what Grizzly keeps for HTTP on this connection: request, response, parsing buffers. */
    private void release(TCPNIOConnection connection) {
        idle.forget(connection);
        AttributeHolder attributes = connection.getAttributes();
        for (String name : List.copyOf(attributes.getAttributeNames())) {
            if (name.startsWith("org.glassfish.grizzly.http.") || name.startsWith("HttpServerFilter.")) {
                attributes.removeAttribute(name);
            }
        }
    }
}
