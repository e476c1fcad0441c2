package io.changeover.preflight;

import io.changeover.preflight.FixCommand.Kind;

/** The command lines of the clouds, for servers whose names say what they are called there. */
final class CloudCommands {

    private static final String RDS = ".rds.amazonaws.com";

    private CloudCommands() {}

    /** How a server's setting that needs a restart is changed by whoever runs it. */
    static Fix restartParameter(ServerFacts server, String name, String value) {
        return switch (server.provider()) {
            case RDS ->
                Fix.command(
                        "set " + name + " = " + value
                                + " in the parameter group of the instance (a default group cannot"
                                + " be changed: make one of your own), then reboot the instance",
                        rdsParameter(server.host(), name, value),
                        new FixCommand(
                                Kind.AWS,
                                "aws rds reboot-db-instance --db-instance-identifier " + instance(server.host())));
            case AZURE ->
                Fix.command(
                        "set the server parameter " + name + " to " + value + ", then restart the server",
                        azureParameter(server.host(), name, value),
                        new FixCommand(
                                Kind.AZ,
                                "az postgres flexible-server restart --resource-group <resource-group> --name "
                                        + azureName(server.host())));
            case OTHER ->
                Fix.sql(
                        "alter system set " + name + " = '" + value + "'; then restart the server",
                        new String[] {"alter system set " + name + " = '" + value + "';"});
        };
    }

    /** Aurora's parameters of replication are its cluster's. */
    private static FixCommand rdsParameter(String host, String name, String value) {
        boolean cluster = isCluster(host);
        return new FixCommand(
                Kind.AWS,
                (cluster
                                ? "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name"
                                : "aws rds modify-db-parameter-group --db-parameter-group-name")
                        + " <parameter-group> --parameters \"ParameterName=" + name + ",ParameterValue=" + value
                        + ",ApplyMethod=pending-reboot\"");
    }

    static FixCommand azureParameter(String host, String name, String value) {
        return new FixCommand(
                Kind.AZ,
                "az postgres flexible-server parameter set --resource-group <resource-group> --server-name "
                        + azureName(host) + " --name " + name + " --value \"" + value + "\"");
    }

    /** {@code shop} of {@code shop.c1a2.eu-central-1.rds.amazonaws.com}; a cluster's name is no instance's. */
    static String instance(String host) {
        return host.endsWith(RDS) && !isCluster(host) ? firstLabel(host) : "<instance>";
    }

    private static boolean isCluster(String host) {
        return host.endsWith(RDS) && host.contains(".cluster-");
    }

    static String azureName(String host) {
        return host.endsWith(Provider.AZURE_DOMAIN) ? firstLabel(host) : "<server>";
    }

    private static String firstLabel(String host) {
        return host.substring(0, host.indexOf('.'));
    }
}
