package dev.realtime.compatibility;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.jakarta.RealtimeServlet;
import dev.realtime.transport.Origins;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** What docs/spring-boot.md shows, as one application: the engine beside Spring Security, a REST API and CORS. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({SecuredGame.Chat.class, SecuredGame.Api.class})
class SecuredGame {

    /** A part of the game: sets up its handlers, and may use the engine later. */
    interface GamePart {
        void setUp(NamespaceSetup game);
    }

    record Say(String text) {}

    record Said(String from, String text) {}

    static final Event<Say> SAY = Event.of("chat:say", Say.class);
    static final Event<Said> SAID = Event.of("chat:said", Said.class);

    @Component
    static class Chat implements GamePart {
        private final ObjectProvider<Realtime> realtime;

        Chat(ObjectProvider<Realtime> realtime) { // not Realtime itself, which is made of parts like this one
            this.realtime = realtime;
        }

        @Override
        public void setUp(NamespaceSetup game) {
            game.on(SAY, (session, say) -> announce(session.id(), say.text()));
        }

        void announce(String from, String text) {
            realtime.getObject().namespace("/").emit(SAID, new Said(from, text));
        }
    }

    @Bean
    Realtime realtime(List<GamePart> parts) {
        return Realtime.builder()
                .origins(Origins.of("https://game.example")) // pages of other servers that may connect
                .namespace("/", game -> {
                    game.allowAnonymous();
                    parts.forEach(part -> part.setUp(game));
                })
                .build();
    }

    @Bean
    ServletRegistrationBean<RealtimeServlet> realtimeServlet(Realtime realtime) {
        var registration = new ServletRegistrationBean<>(
                new RealtimeServlet(realtime), realtime.doors().path() + "*");
        registration.setLoadOnStartup(1);
        return registration;
    }

    @Bean
    SmartLifecycle drainBeforeTheWebServerStops(Realtime realtime) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public boolean isRunning() {
                return running;
            }

            @Override
            public int getPhase() {
                return DEFAULT_PHASE; // above the web server's, so it is stopped before
            }

            @Override
            public void stop() {
                stop(() -> {});
            }

            @Override
            public void stop(Runnable stopped) {
                realtime.drain(Duration.ofSeconds(10)).whenComplete((done, failure) -> {
                    running = false;
                    stopped.run();
                });
            }
        };
    }

    @Bean
    @Order(1)
    SecurityFilterChain engine(HttpSecurity http) throws Exception {
        return http.securityMatcher(PathPatternRequestMatcher.withDefaults().matcher("/socket.io/**"))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .cors(cors -> cors.disable())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain api(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .cors(Customizer.withDefaults())
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @Bean
    CorsConfigurationSource corsConfigurationSource() {
        var api = new CorsConfiguration();
        api.setAllowedOrigins(List.of("https://game.example"));
        api.setAllowedMethods(List.of("GET", "POST"));
        var source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/api/**", api); // the engine answers for its own path
        return source;
    }

    @RestController
    static class Api {
        private final Chat chat;

        Api(Chat chat) {
            this.chat = chat;
        }

        @GetMapping("/api/announce")
        String announce() {
            chat.announce("server", "welcome");
            return "done";
        }
    }
}
