package dev.realtime.jakarta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The transports stand on the API and the SPI alone: that is how we know that they suffice. */
class WallsTest {
    private static final JavaClasses TRANSPORTS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realtime.jakarta", "dev.realtime.standalone");

    @Test
    void theTransportsDoNotReachIntoTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(TRANSPORTS);
    }
}
