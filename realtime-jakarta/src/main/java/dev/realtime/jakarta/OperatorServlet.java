package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.OperatorPages;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Serves the {@linkplain OperatorPages pages about a node} from a Jakarta servlet container, below whatever path it is mapped to with {@code asyncSupported}: {@code
 * /health/live} and {@code /health/ready} for probes, {@code /health}, {@code /health/websocket} and {@code /stats} for balancers and operators.
 *
 * <pre>{@code
 * OperatorServlet.register(servletContext, realtime, "/operators", request -> request.getLocalPort() == 9001);
 * }</pre>
 *
 * <p>Whoever may not see the pages in full gets one word, {@code UP} or why not, and no {@code /stats}. Nobody may unless the application says so. No request occupies a thread while it waits.
 */
public final class OperatorServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String NAME = "realtime-operators";

    private final transient OperatorPages pages;
    private final transient Predicate<HttpServletRequest> inFull;
    private final transient ClientLog log = new ClientLog();

    /** Nobody sees the pages in full. */
    public OperatorServlet(Realtime realtime) {
        this(realtime, request -> false);
    }

    /**
     * Creates a servlet for an engine.
     *
     * @param inFull who may see numbers, and which checks have failed: such as what comes through a port that players cannot reach. Called for each request, and must not block
     */
    public OperatorServlet(Realtime realtime, Predicate<HttpServletRequest> inFull) {
        this.pages = Objects.requireNonNull(realtime, "realtime").pages();
        this.inFull = Objects.requireNonNull(inFull, "inFull");
    }

    /**
     * Adds a servlet to a context that is still starting, with asynchronous support.
     *
     * @param path such as {@code /operators}, so that {@code /operators/health/ready} is a page; empty for pages at the root of the context
     * @param inFull see the constructor
     * @throws IllegalStateException if the name {@code realtime-operators} or a path is taken in this context
     */
    public static ServletRegistration.Dynamic register(
            ServletContext context, Realtime realtime, String path, Predicate<HttpServletRequest> inFull) {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(path, "path");
        ServletRegistration.Dynamic registration = context.addServlet(NAME, new OperatorServlet(realtime, inFull));
        if (registration == null) {
            throw new IllegalStateException("the context has a servlet named '" + NAME + "' already");
        }
        Set<String> conflicts = registration.addMapping(path + "/health", path + "/health/*", path + "/stats");
        if (!conflicts.isEmpty()) {
            throw new IllegalStateException("another servlet is mapped to " + conflicts + " already");
        }
        registration.setAsyncSupported(true);
        return registration;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        CompletionStage<HttpReply> page = pages.page(page(request), inFull.test(request));
        if (page == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        AsyncContext async = request.startAsync(request, response);
        // on a thread of the container: to write may block
        String address = request.getRemoteAddr();
        page.thenAccept(reply -> async.start(() -> write(reply, response, async, address)));
    }

    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) throws IOException {
        doGet(request, response);
    }

    /** Which page is asked for, wherever the servlet is mapped to: the last part of the path that a page can have. */
    private static String page(HttpServletRequest request) {
        String info = request.getPathInfo();
        String path = request.getServletPath() + (info == null ? "" : info);
        int health = path.lastIndexOf("/health");
        return health >= 0 ? path.substring(health) : path.substring(Math.max(0, path.lastIndexOf('/')));
    }

    private void write(HttpReply reply, HttpServletResponse response, AsyncContext async, String address) {
        try {
            response.setStatus(reply.status());
            reply.headers().forEach(response::setHeader);
            response.setContentLength(reply.body().length);
            response.getOutputStream().write(reply.body());
        } catch (IOException e) {
            log.failed(address, "went away before it had its page", e);
        } finally {
            async.complete();
        }
    }
}
