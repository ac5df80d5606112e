package dev.realtime.javadoc;

import dev.realtime.Attribute;
import dev.realtime.Session;
import dev.realtime.TypeToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the Javadoc of {@link Attribute} shows. */
final class AttributeExamples {
    static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
    static final Attribute<List<String>> BAG = Attribute.recorded("bag", new TypeToken<List<String>>() {});

    private AttributeExamples() {}

    static @Nullable String join(Session session) {
        session.set(TEAM, "red");
        String team = session.get(TEAM); // null in a session that never had one
        return team;
    }
}
