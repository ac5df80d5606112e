package dev.realtime.compatibility;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.jakarta.RealtimeServlet;
import dev.realtime.redis.RedisBackend;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A game as a Spring Boot application: one node, beside what Spring serves on the same port. */
@SpringBootConfiguration
@EnableAutoConfiguration
@RestController
class Game {
    record Say(String text, Instant at) {}

    record Said(String from, String text, Instant at) {}

    record State(String node, Instant since) {}

    static final Event<Say> SAY = Event.of("say", Say.class);
    static final Event<Said> SAID = Event.of("said", Said.class);
    static final Instant SINCE = Instant.parse("2025-01-02T03:04:05Z");

    /** Spring closes it when the context is, behind the web server. */
    @Bean
    Realtime realtime(@Value("${game.redis}") String redis) {
        return Realtime.builder()
                .backend(RedisBackend.connect(redis))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(
                                        SAY,
                                        (session, said) -> session.room("zone:tavern")
                                                .emit(SAID, new Said(session.id(), said.text(), said.at()))))
                .build();
    }

    @Bean
    ServletRegistrationBean<RealtimeServlet> realtimeServlet(Realtime realtime) {
        var doors = realtime.doors();
        var registration = new ServletRegistrationBean<>(new RealtimeServlet(doors), doors.path() + "*");
        registration.setLoadOnStartup(1);
        return registration;
    }

    /** Spring Security is there for {@link SecuredGame}; here everything is open, as it is without it. */
    @Bean
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .build();
    }

    @GetMapping("/state")
    State state() {
        return new State("tavern", SINCE);
    }
}
