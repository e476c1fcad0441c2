package io.changeover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.changeover.api.ApiServer;
import io.changeover.api.Json;
import io.changeover.api.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Yaml;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The description of the API is what the resources say, and the page about it has the same routes. */
class OpenApiTest {

    private static final Path FILE = Path.of("..", "docs", "openapi.yaml");
    private static final Path PAGE = Path.of("..", "docs", "rest.md");
    private static final Pattern ROUTE = Pattern.compile("`(GET|PUT|POST|DELETE|PATCH) (/api/v1[^` ?]*)");

    @Test
    void descriptionIsWhatTheResourcesSay() throws IOException {
        String generated = Yaml.pretty(generated());
        if (Boolean.getBoolean("write.docs")) {
            Files.writeString(FILE, generated);
        }

        assertThat(Files.readString(FILE))
                .as(
                        "%s is not what the resources say: run mvn -pl control-plane -am test -Dtest=OpenApiTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dwrite.docs=true",
                        FILE)
                .isEqualTo(generated);
    }

    @Test
    void pageHasTheSameRoutes() throws IOException {
        Set<String> page = ROUTE.matcher(Files.readString(PAGE))
                .results()
                .map(route -> route.group(1) + " "
                        + route.group(2)
                                .replace("{m}", "{migration}")
                                .replace("{db}", "{database}")
                                .replace("{schema.table}", "{table}")
                                .replace("{id}", "{operation}"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(page).isEqualTo(routes(generated()));
    }

    private static Set<String> routes(OpenAPI api) {
        Set<String> routes = new TreeSet<>();
        api.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().keySet().forEach(method -> routes.add(method + " " + path)));
        return routes;
    }

    private static OpenAPI generated() {
        ModelConverters models = ModelConverters.getInstance();
        models.addConverter(new ModelResolver(Json.mapper()));
        OpenAPI api = new Reader(new OpenAPI()).read(resources());
        api.info(new Info()
                .title("Changeover")
                .version("v1")
                .description("The control plane of migrations. docs/rest.md explains it."));
        models.readAll(Problem.class).forEach(api.getComponents()::addSchemas);
        api.getComponents().setSchemas(new TreeMap<>(api.getComponents().getSchemas()));
        Paths sorted = new Paths();
        new TreeMap<>(api.getPaths()).forEach((path, item) -> {
            if (path.startsWith("/api/v1")) { // others are not for programs that read JSON
                item.readOperationsMap().forEach((method, operation) -> complete(path, method, operation));
                sorted.addPathItem(path, item);
            }
        });
        return api.paths(sorted);
    }

    /** Names come from the path, because the order in which a class tells its methods is not fixed. */
    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        String words = Arrays.stream(path.substring("/api/v1".length()).split("[/.]"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.startsWith("{") ? "By" + upper(word.replaceAll("[{}]", "")) : upper(word))
                .collect(Collectors.joining());
        operation.setOperationId(method.name().toLowerCase(Locale.ROOT) + words);
        Optional.ofNullable(operation.getResponses().remove("default"))
                .ifPresent(answer ->
                        operation.getResponses().addApiResponse("200", answer.description("What was asked for")));
        operation
                .getResponses()
                .addApiResponse(
                        "4XX",
                        new ApiResponse()
                                .description("What is wrong; docs/errors.md has the codes")
                                .content(new Content()
                                        .addMediaType(
                                                Problem.MEDIA_TYPE,
                                                new MediaType()
                                                        .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }

    private static String upper(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static Set<Class<?>> resources() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackagesOf(ApiServer.class).stream()
                        .filter(found -> found.isAnnotatedWith(jakarta.ws.rs.Path.class))
                        .map(JavaClass::reflect)
                        .sorted((one, other) -> one.getName().compareTo(other.getName()))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
