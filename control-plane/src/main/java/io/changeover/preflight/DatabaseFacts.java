package io.changeover.preflight;

/**
 * What the databases of both sides are asked.
 *
 * @param name the database
 * @param object what findings call it
 * @param encoding UTF8, LATIN1 …
 * @param owner the role that owns it
 * @param owned whether our role has the rights of the owner
 * @param creates whether our role may create schemas and publications in it
 */
record DatabaseFacts(String name, String object, String encoding, String owner, boolean owned, boolean creates) {}
