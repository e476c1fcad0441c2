package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The description of the API: docs/openapi.yaml, which is generated from the resources and tested against them. */
@Path("/api/v1")
public final class OpenApiResource {

    private static final String FILE = "openapi.yaml";

    private final String yaml;
    private final JsonNode json;

    OpenApiResource() {
        try (InputStream file = OpenApiResource.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("The program lacks its part " + FILE);
            }
            yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            json = new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new IllegalStateException("The program's part " + FILE + " is not readable", e);
        }
    }

    @Operation(
            summary = "This description",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "OpenAPI 3",
                            content = @Content(mediaType = "application/yaml", schema = @Schema(type = "string"))))
    @GET
    @Path("/openapi.yaml")
    @Produces("application/yaml")
    public String yaml() {
        return yaml;
    }

    @Operation(
            summary = "This description",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "OpenAPI 3",
                            content = @Content(mediaType = "application/json", schema = @Schema(type = "object"))))
    @GET
    @Path("/openapi.json")
    @Produces(MediaType.APPLICATION_JSON)
    public JsonNode json() {
        return json;
    }
}
