package io.g2cache.example.http;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the handler of a call by method and path. A path ends either fixed or with {@code /*}, which stands for one more
 * part. Routes are added before the first call; from then on it is thread-safe.
 */
public final class Router {
    private static final String WILDCARD = "/*";

    private final List<Route> routes = new ArrayList<>();

    /** Answers calls. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Answers a call; may block.
         *
         * @param argument what stood for the wildcard; empty without one
         * @throws Exception which becomes an error in the answer
         */
        Reply handle(Request request, String argument) throws Exception;
    }

    private record Route(String method, String path, Handler handler) {
        boolean matches(String asked) {
            if (!path.endsWith(WILDCARD)) {
                return path.equals(asked);
            }
            return asked.length() >= path.length()
                    && asked.startsWith(prefix())
                    && asked.indexOf('/', prefix().length()) < 0;
        }

        String prefix() {
            return path.substring(0, path.length() - 1);
        }

        String argument(String asked) {
            return path.endsWith(WILDCARD) ? asked.substring(prefix().length()) : "";
        }
    }

    /** Adds a route. */
    public Router add(String method, String path, Handler handler) {
        routes.add(new Route(method, path, handler));
        return this;
    }

    /**
     * Answers a call.
     *
     * @throws BadRequestException 404 if no route has the path, 405 if one has, but not the method
     * @throws Exception whatever the handler throws
     */
    public Reply handle(Request request) throws Exception {
        List<Route> matching =
                routes.stream().filter(route -> route.matches(request.path())).toList();
        if (matching.isEmpty()) {
            throw new BadRequestException(404, "no such path");
        }
        for (Route route : matching) {
            if (route.method().equals(request.method())) {
                return route.handler().handle(request, route.argument(request.path()));
            }
        }
        String allowed = matching.stream().map(Route::method).distinct().collect(Collectors.joining(", "));
        return Reply.error(405, "method must be one of: " + allowed).with("Allow", allowed);
    }
}
