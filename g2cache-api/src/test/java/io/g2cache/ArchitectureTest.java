package io.g2cache;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.g2cache.spi.TimeSource;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Who may know whom in this module. */
@AnalyzeClasses(packages = "io.g2cache", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String INTERNAL = "io.g2cache.internal..";
    private static final Set<String> SLEEPS = Set.of("sleep", "onSpinWait");

    /** The builder is the one door to the engine, and the one way back that is allowed. */
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = slices().assignedFrom(byPackage())
            .should()
            .beFreeOfCycles()
            .ignoreDependency(
                    describe("the node builder", ArchitectureTest::isNodeBuilder), resideInAPackage(INTERNAL));

    @ArchTest
    static final ArchRule ONLY_THE_BUILDER_KNOWS_THE_ENGINE = noClasses()
            .that(resideOutsideOfPackage(INTERNAL))
            .and(describe("are not the node builder", type -> !isNodeBuilder(type)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL);

    @ArchTest
    static final ArchRule SPI_STANDS_AT_THE_BOTTOM = classes()
            .that()
            .resideInAPackage("io.g2cache.spi..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.g2cache.spi..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule LIBRARIES_OF_CODECS_STAY_WITH_THEM = noClasses()
            .that()
            .resideOutsideOfPackage("io.g2cache.codec..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "org.apache.avro..");

    @ArchTest
    static final ArchRule NO_ADAPTER_IS_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("net.openhft..", "com.hazelcast..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule ONLY_THE_TIME_SOURCE_ASKS_A_CLOCK = noClasses()
            .that(describe("are not the time source", type -> !isTimeSource(type)))
            .should()
            .callMethodWhere(asksAClockOrSleeps());

    @ArchTest
    static final ArchRule NOTHING_IS_SERIALISED_BY_JAVA = noClasses()
            .should()
            .dependOnClassesThat(describe(
                    "read or write Java serialisation",
                    type -> type.isAssignableTo(ObjectInput.class) || type.isAssignableTo(ObjectOutput.class)));

    private static boolean isNodeBuilder(JavaClass type) {
        return type.getName().equals(G2NodeBuilder.class.getName());
    }

    private static boolean isTimeSource(JavaClass type) {
        return type.getName().equals(TimeSource.class.getName())
                || type.getName().startsWith(TimeSource.class.getName() + "$");
    }

    private static DescribedPredicate<JavaMethodCall> asksAClockOrSleeps() {
        return describe("asks a clock or sleeps", call -> {
            JavaClass owner = call.getTargetOwner();
            String method = call.getName();
            if (owner.isEquivalentTo(System.class)) {
                return method.equals("currentTimeMillis") || method.equals("nanoTime");
            }
            if (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class)) {
                return SLEEPS.contains(method);
            }
            return owner.getPackageName().startsWith("java.time")
                    && (method.equals("now") || method.startsWith("system") || method.startsWith("tick"));
        });
    }

    private static SliceAssignment byPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith("io.g2cache")
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of g2cache";
            }
        };
    }
}
