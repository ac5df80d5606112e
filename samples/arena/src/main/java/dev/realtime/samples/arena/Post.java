package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.LETTER;
import static dev.realtime.samples.arena.Contracts.WRITE;

import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.Session;
import dev.realtime.mail.MailOptions;
import dev.realtime.samples.arena.Contracts.Letter;
import dev.realtime.samples.arena.Contracts.Posted;
import dev.realtime.samples.arena.Contracts.Write;
import java.util.concurrent.CompletionStage;

/** The post: letters are <em>mail</em>, which waits for who is not there, and is delivered until a page of theirs has said that it has it. */
final class Post {
    private final World world;
    private final Places places;

    Post(World world) {
        this.world = world;
        this.places = world.places();
    }

    void rules(NamespaceSetup game) {
        game.mail(MailOptions.DEFAULT.ownNames(false)) // to the page a letter is a letter, whenever it was written
                .onAsync(WRITE, this::write);
    }

    /** Answers when the letter is kept; whether somebody reads it is another matter. */
    private CompletionStage<Posted> write(Session session, Write letter) {
        if (session.principal().anonymous()) {
            throw new EventRefusedException("nobody", "Enter the world to write a letter.");
        }
        String from = places.of(session).name();
        return session.room("user:" + letter.to())
                .emit(LETTER, new Letter(from, letter.text()))
                .thenApply(kept -> new Posted(world.millis()));
    }
}
