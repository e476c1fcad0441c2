package io.changeover.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands {@link Servers} and a {@link SharedStack} to tests, started at the first use and closed when the last test of
 * the JVM has ended, and to each test new {@link Databases}.
 */
public final class StackExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(StackExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == Servers.class || type == SharedStack.class || type == Databases.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        if (type == SharedStack.class) {
            return shared(test, SharedStack.class, SharedStack::start);
        }
        Servers servers = shared(test, Servers.class, Servers::start);
        return type == Servers.class ? servers : attempt(servers::create);
    }

    private static <T> T shared(ExtensionContext test, Class<T> type, Start<T> start) {
        return test.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(type, key -> attempt(start), type);
    }

    @FunctionalInterface
    private interface Start<T> {
        T run() throws Exception;
    }

    private static <T> T attempt(Start<T> start) {
        try {
            return start.run();
        } catch (Exception e) {
            throw new ParameterResolutionException("What the test needs did not start", e);
        }
    }
}
