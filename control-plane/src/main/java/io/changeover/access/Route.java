package io.changeover.access;

/**
 * A route of the API.
 *
 * @param method of HTTP
 * @param template the path, with names in braces for what varies; pairs of routes that differ in those names are one
 */
public record Route(String method, String template) {

    public Route {
        template = template.replaceAll("\\{[^}]*}", "{}");
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}
