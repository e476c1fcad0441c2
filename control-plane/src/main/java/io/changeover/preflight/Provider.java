package io.changeover.preflight;

/** Who runs a server, because the fixes differ. */
enum Provider {
    /** Amazon RDS or Aurora: there is a role rds_superuser. */
    RDS,
    /** Azure Database for PostgreSQL: there is a role azure_pg_admin. */
    AZURE,
    /** Anyone else. */
    OTHER;

    /** What the names of Azure's servers end in. */
    static final String AZURE_DOMAIN = ".postgres.database.azure.com";
}
