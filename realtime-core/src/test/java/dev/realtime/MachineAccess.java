package dev.realtime;

import com.auth0.jwt.interfaces.Verification;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** An access by which a class gets time, a thread or randomness from the JVM instead of from what it was given. */
final class MachineAccess extends DescribedPredicate<JavaAccess<?>> {
    MachineAccess() {
        super("it gives time, threads or randomness of the machine");
    }

    @Override
    public boolean test(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                && (givesTime(target) || givesThread(target) || givesRandomness(target));
    }

    private static boolean givesTime(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        if (owner.isEquivalentTo(System.class)) {
            return name.equals("currentTimeMillis") || name.equals("nanoTime");
        }
        if (owner.isEquivalentTo(Clock.class)) {
            return name.startsWith("system")
                    || (name.startsWith("tick") && !takes(target, Clock.class)); // tickSeconds(zone) reads the system
        }
        if (owner.isAssignableTo(Verification.class)) {
            return name.equals("build") && target.getRawParameterTypes().isEmpty(); // verifies against the system clock
        }
        boolean dateOfNow = owner.isEquivalentTo(java.util.Date.class)
                && isConstructor(target)
                && target.getRawParameterTypes().isEmpty();
        return dateOfNow
                || (owner.getPackageName().startsWith("java.time")
                        && name.equals("now")
                        && !takes(target, Clock.class));
    }

    private static boolean givesThread(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        if (owner.isAssignableTo(Thread.class)) {
            return isConstructor(target) || name.equals("sleep") || name.startsWith("of") || name.startsWith("start");
        }
        if (owner.isAssignableTo(CompletionStage.class)) {
            boolean onCommonPool = name.endsWith("Async") && !takes(target, Executor.class);
            return onCommonPool
                    || name.equals("orTimeout")
                    || name.equals("completeOnTimeout")
                    || name.equals("delayedExecutor");
        }
        return owner.isEquivalentTo(Executors.class)
                || owner.isEquivalentTo(Timer.class)
                || owner.isEquivalentTo(ForkJoinPool.class)
                || owner.isEquivalentTo(ThreadFactory.class)
                || (owner.isEquivalentTo(LockSupport.class) && name.startsWith("park"))
                || (owner.isAssignableTo(ThreadPoolExecutor.class) && isConstructor(target));
    }

    private static boolean givesRandomness(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        return owner.isEquivalentTo(ThreadLocalRandom.class)
                || (owner.isAssignableTo(Random.class) && isConstructor(target))
                || (owner.isEquivalentTo(SecureRandom.class) && name.startsWith("getInstance"))
                || (owner.isEquivalentTo(SplittableRandom.class) && isConstructor(target))
                || (owner.isEquivalentTo(RandomGenerator.class) && (name.equals("of") || name.equals("getDefault")))
                || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"))
                || (owner.isEquivalentTo(Math.class) && name.equals("random"));
    }

    private static boolean isConstructor(AccessTarget target) {
        return target.getName().equals("<init>");
    }

    private static boolean takes(CodeUnitAccessTarget target, Class<?> parameter) {
        return target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(parameter));
    }
}
