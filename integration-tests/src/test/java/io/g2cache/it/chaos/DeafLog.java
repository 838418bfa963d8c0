package io.g2cache.it.chaos;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A log whose tails keep every second invalidation to themselves: for showing that a check finds such a node. */
final class DeafLog implements SyncLogProvider {
    private final SyncLogProvider log;

    DeafLog(SyncLogProvider log) {
        this.log = log;
    }

    @Override
    public String name() {
        return "deaf " + log.name();
    }

    @Override
    public SyncLog open(LogContext context) {
        SyncLog whole = log.open(context);
        return proxy(SyncLog.class, (self, method, arguments) -> {
            Object result = call(whole, method, arguments);
            return method.getName().equals("tail") ? deaf((LogReader) result) : result;
        });
    }

    private static LogReader deaf(LogReader reader) {
        return proxy(LogReader.class, (self, method, arguments) -> {
            Object[] changed = arguments;
            if (method.getName().equals("poll")) {
                changed = new Object[] {arguments[0], deaf((LogHandler) arguments[1])};
            }
            return call(reader, method, changed);
        });
    }

    private static LogHandler deaf(LogHandler handler) {
        return proxy(LogHandler.class, (self, method, arguments) -> {
            boolean isLost = method.getName().equals("onEvent")
                    && (long) arguments[1] % 2 == 0
                    && arguments[2] instanceof Event.Invalidate;
            return isLost ? null : call(handler, method, arguments);
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
