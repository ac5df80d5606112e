package dev.realtime.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What metrics say, in a sentence each, for whoever meets them in a scrape: {@code # HELP} of Prometheus. Immutable. */
final class Descriptions {
    private final Properties sentences;

    private Descriptions(Properties sentences) {
        this.sentences = sentences;
    }

    static Descriptions load() {
        Properties sentences = new Properties();
        try (InputStream in = Descriptions.class.getResourceAsStream("descriptions.properties")) {
            if (in != null) {
                Reader text = new InputStreamReader(in, StandardCharsets.UTF_8);
                sentences.load(text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Descriptions(sentences);
    }

    /** Returns null for a metric that is not the engine's. */
    @Nullable
    String of(String metric) {
        return sentences.getProperty(metric.replace('.', '_'));
    }
}
