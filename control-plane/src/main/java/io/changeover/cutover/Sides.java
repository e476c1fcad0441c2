package io.changeover.cutover;

import io.changeover.migration.Names;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.TableSelection;

/**
 * What a cutover is between.
 *
 * @param source the database that is left
 * @param target the database that takes over
 * @param names of what belongs to the pair
 * @param tables which of the source's tables
 */
public record Sides(ServerSettings source, ServerSettings target, Names names, TableSelection tables) {}
