package dev.realtime.admin;

import static dev.realtime.admin.AdminEvents.ALL_SOCKETS;
import static dev.realtime.admin.AdminEvents.CONFIG;
import static dev.realtime.admin.AdminEvents.SESSION;
import static dev.realtime.admin.AdminEvents.SOCKETS;
import static dev.realtime.admin.AdminEvents.TOKEN;
import static dev.realtime.admin.AdminEvents.WATCHED;

import dev.realtime.ConnectInterceptor.Entry;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.admin.AdminEvents.Config;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The namespace to which the UI connects: who is let in, what administrators get when they come, and what they may do. */
final class AdminNamespace {
    private static final Logger LOG = LoggerFactory.getLogger(AdminNamespace.class);
    private static final RateLimit ACTIONS = RateLimit.perMinute(120).burst(20);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final AdminOptions options;
    private final LoginTokens tokens;
    private final AdminPlaces places;
    private volatile @Nullable AdminFeed feed; // null until the engine has started

    AdminNamespace(AdminOptions options) {
        this.options = options;
        this.tokens = new LoginTokens(options);
        this.places = new AdminPlaces(options.maxAdmins());
    }

    /** What the engine does with the namespace. */
    void setUp(NamespaceSetup namespace) {
        namespace
                .authenticator(new AdminLogin(options, tokens))
                .allowAnonymous()
                .intercept(this::checkRoom)
                .limit(ACTIONS)
                .onConnect(this::cameIn)
                .onResume(this::cameBack)
                .onServer(
                        WATCHED,
                        (node, id) -> onceStarted(known -> known.watchers().seenElsewhere()))
                .onServer(
                        TOKEN,
                        (node, digest) -> onceStarted(
                                known -> tokens.add(digest, known.now().toEpochMilli())))
                .onServer(SOCKETS, (node, most) -> {
                    AdminFeed known = feed;
                    return known == null ? List.of() : known.shownToOthers(most);
                });
        if (!options.isReadOnly()) {
            new OperatorActs().addTo(namespace);
        }
    }

    /** The engine is there; nobody has connected yet. */
    void start(Realtime realtime) {
        AdminFeed made = new AdminFeed(realtime, options);
        feed = made;
        realtime.scheduler().every(LOOK, made::look);
        if (options.password() == null) {
            LOG.warn(
                    "everybody who can reach this node is an administrator in {}: there is no password",
                    options.namespace());
        }
    }

    private AdminFeed feed() {
        return Objects.requireNonNull(feed, "the engine has not started");
    }

    /** Other nodes may speak before this one has started. */
    private void onceStarted(Consumer<AdminFeed> task) {
        AdminFeed known = feed;
        if (known != null) {
            task.accept(known);
        }
    }

    /** Refuses whom it can before the session begins; others may be on their way in, so {@link #hasPlace} has the last word. */
    private void checkRoom(Handshake handshake, Principal principal, Entry entry) {
        long there =
                feed().admins().sessions().stream().filter(Session::isConnected).count();
        if (there >= options.maxAdmins()) {
            throw new ConnectRefusedException(ErrorCode.OVERLOADED);
        }
    }

    /** One too many is told nothing, and can do nothing. */
    private boolean hasPlace(Session admin) {
        if (places.take(admin)) {
            return true;
        }
        log(admin, "was one too many");
        admin.disconnect();
        return false;
    }

    private void cameIn(Session admin) {
        if (!hasPlace(admin)) {
            return;
        }
        log(admin, "came");
        if (options.password() != null
                && admin.handshake().filter(this::showsPassword).isPresent()) {
            String token = tokens.make();
            String digest = tokens.digest(token);
            tokens.add(digest, feed().now().toEpochMilli());
            admin.namespace().serverEmit(TOKEN, digest);
            admin.asVolatile().emit(SESSION, token); // stays on this node: a log would keep it
        }
        welcome(admin);
    }

    /** And not a token with it, by which it has come in without anybody looking at the password. */
    private boolean showsPassword(Handshake how) {
        return how.auth("password").isPresent()
                && how.auth("sessionId").filter(tokens::isKnown).isEmpty();
    }

    private void cameBack(Session admin) {
        if (hasPlace(admin)) {
            log(admin, "came back");
            welcome(admin);
        }
    }

    private void log(Session admin, String what) {
        LOG.info("an administrator {} from {}", what, BoundedLog.clean(AddressKey.of(admin.remoteAddress())));
    }

    private void welcome(Session admin) {
        admin.asVolatile().emit(CONFIG, new Config(features()));
        feed().watchers().seenHere();
        if (!options.isSummaryOnly()) {
            var unused = feed().snapshot()
                    .thenAccept(sockets -> SocketSnapshot.send(
                            sockets, some -> admin.asVolatile().emit(ALL_SOCKETS, some)));
        }
    }

    private List<String> features() {
        List<String> features = new ArrayList<>();
        if (!options.isReadOnly()) {
            features.addAll(List.of("EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"));
        }
        features.add("AGGREGATED_EVENTS");
        if (!options.isSummaryOnly()) {
            features.add("ALL_EVENTS");
        }
        return features;
    }
}
