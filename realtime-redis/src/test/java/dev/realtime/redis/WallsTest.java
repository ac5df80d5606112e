package dev.realtime.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The Redis backend stands on the API and the SPI alone: that is how we know that they suffice. */
class WallsTest {
    private static final JavaClasses BACKEND = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realtime.redis");

    @Test
    void theBackendDoesNotReachIntoTheEngine() {
        assertThat(BACKEND).isNotEmpty(); // a rule about no class at all holds
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(BACKEND);
    }
}
