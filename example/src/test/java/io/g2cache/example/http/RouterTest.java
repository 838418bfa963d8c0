package io.g2cache.example.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router()
            .add("GET", "/cities/*", (request, argument) -> Reply.json("one " + argument))
            .add("DELETE", "/cities/*", (request, argument) -> Reply.json("gone " + argument))
            .add("GET", "/", (request, argument) -> Reply.json("page"));

    private Reply call(String method, String path) throws Exception {
        return router.handle(new Request(method, path, name -> Optional.empty(), new byte[0]));
    }

    @Test
    void findsTheHandlerByMethodAndPath() throws Exception {
        assertThat(call("GET", "/cities/7").body()).asString().isEqualTo("\"one 7\"");
        assertThat(call("DELETE", "/cities/7").body()).asString().isEqualTo("\"gone 7\"");
        assertThat(call("GET", "/").body()).asString().isEqualTo("\"page\"");
    }

    @Test
    void saysWhichMethodsAPathHas() throws Exception {
        Reply reply = call("POST", "/cities/7");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers()).containsEntry("Allow", "GET, DELETE");
    }

    @Test
    void knowsNoOtherPaths() {
        for (String path : new String[] {"/cities", "/cities/", "/cities/7/8", "/citiesx/7", "//", "/x", ""}) {
            assertThatExceptionOfType(BadRequestException.class)
                    .as(path)
                    .isThrownBy(() -> call("GET", path))
                    .matches(e -> e.status() == 404);
        }
    }

    @Test
    void hasEveryFileOfThePage() throws Exception {
        Router files = new Router();
        WebFiles.addTo(files);
        for (String path : new String[] {"/", "/page.css", "/page.js", "/chart.js"}) {
            Reply reply = files.handle(new Request("GET", path, name -> Optional.empty(), new byte[0]));
            assertThat(reply.body().length).as(path).isGreaterThan(500);
            assertThat(reply.headers()).containsKey("Content-Security-Policy");
        }
    }
}
