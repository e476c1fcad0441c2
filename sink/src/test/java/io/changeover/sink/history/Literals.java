package io.changeover.sink.history;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** SQL literals of every type that the tables of a history have: few of them, so that they come again. */
final class Literals {

    private static final Map<String, List<String>> BY_TYPE = new TreeMap<>();

    private static final String LONG = "repeat('%s', 3000)";

    static {
        List<String> numbers = IntStream.range(0, 40).mapToObj(String::valueOf).toList();
        put("integer", numbers.toArray(String[]::new));
        put("bigint", "1", "-9223372036854775808", "0");
        put("text", "'a'", "'A'", "'b'", "'B'", "''", "' '", "'NULL'", "E'\\\\N'", "E'\\\\.'", "E'a\\tb\\r\\nc\\\\d'");
        put("text", "'\"q\"'", "'ä'", "U&'\\+01F600'", "'{a,b}'", "'(1,2)'", LONG.formatted('x'), LONG.formatted("ä"));
        put("text", LONG.formatted('y'), LONG.formatted('z'), LONG.formatted("\\ "), LONG.formatted('w'));
        put("text", "repeat('long \\ ', 30000)", "repeat(U&'\\+01F600', 40000)", "'c'", "'d'", "'e'", "'f'", "'g'");
        put("ext.citext", "'a'", "'A'", "'ab'", "'Ab'", "'aB'", "'b'", "'B'", "'c'", "'d'", "''", "E'\\\\N'");
        put("numeric", "1", "1.0", "1.00", "0", "0.00", "-0.5", "'NaN'", "1e100", "12345678901234567890.5", "3");
        put("numeric(6,2)", "1", "-0.005", "9999.99", "'NaN'");
        put("numeric(4,-2)", "100", "123456");
        put("double precision", "0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1e-310", "0.1", "1e22", "2");
        put("real", "0.1", "'-0'", "'NaN'", "1e-40");
        put("bytea", "''", "'\\x00'", "'\\xff5c'", "'\\x6e'", "'abc'", "decode(repeat('00ff5c', 1000), 'hex')");
        put("integer[]", "'{}'", "'{NULL}'", "'{1,2}'", "'{{1,2},{3,4}}'", "'[2:3]={7,8}'", "'{1,NULL}'", "'{5}'");
        put("int4range", "'empty'", "'[1,3)'", "'[2,4)'", "'[3,9)'", "'(,2)'", "'[5,)'", "'[9,12)'", "'(,)'");
        put("int4range", "'[20,21)'", "'[21,22)'", "'[22,23)'", "'[23,24)'", "'[24,25)'", "'[25,26)'", "'[20,22)'");
        put("int4multirange", "'{}'", "'{[1,3),[5,)}'");
        put("\"my Mood\"", "'so, so'", "'a\"b'", "''");
        put("\"my Mood\"[]", "'{\"so, so\",\"\"}'", "'{}'", "'{NULL,\"a\\\"b\"}'");
        put("timestamp with time zone", "'infinity'", "'-infinity'", "'2024-01-01 00:00:00.123456+05'");
        put("timestamp with time zone", "'4713-01-01 00:00 BC'", "'2024-06-01'", "'1900-01-01'", "'294276-12-31'");
        put("timestamp(3) without time zone", "'2024-01-01 00:00:00.1234'", "'infinity'");
        put("uuid", "'00000000-0000-0000-0000-000000000000'", "'11111111-2222-3333-4444-555555555555'");
        put("uuid", "'ffffffff-2222-3333-4444-555555555555'", "'aaaaaaaa-2222-3333-4444-555555555555'");
        put("character(4)", "'ab'", "'ab  '", "''", "'a'", "'b'", "'äö'", "E'\\\\N'", "'abcd'");
        put("character(5)", "'ab'", "''", "'ä    '", "'abcde'");
        put("character(5)[]", "'{ab,NULL,\"\"}'");
        put("character varying(3)", "'abc'", "''", "'ab '", "'äöü'");
        put("character varying(3)[]", "'{abc,\"\",NULL}'");
        put("name", "'a'", "'B'", "''", "'x y'", "'c'", "'d'", "'e'");
        put("name[]", "'{a,\"x y\"}'", "'{}'");
        put("shorter", "'abc'", "''", "'a'", "'b'", "'c'", "'ab '");
        put("pair", "'(1,a)'", "'(1,\"x y\")'", "'(,)'", "'(2,\"\")'", "'(1,)'", "'(3,\"a\"\"b\\\\\\\\\")'");
        put("pair[]", "'{\"(1,a)\",NULL}'", "'{}'", "'{\"(,\\\"x,y\\\")\"}'");
        put("odd", "row(1, 'a')", "row(2, null)", "row(null, null)", "row(3, 'x \"y\"')", "row(4, '')", "row(5, '5')");
        put("odd[]", "array[row(1, 'a')]::public.odd[]", "'{}'");
        put("ints", "'{}'", "'{1,2}'", "'{{1},{2}}'");
        put("ints[]", "array['{1,2}'::public.ints]", "'{}'");
        put("xml", "'<a/>'", "'<b>x &amp; y</b>'", "'text'");
        put("\"char\"", "'a'", "''", "'z'", "'b'");
        put("regclass", "'pg_class'", "'k_int'", "0");
        put("boolean", "true", "false", "true");
        put("bit(8)", "B'00000000'", "B'10101010'");
        put("bit varying", "B''", "B'0'", "B'0011'");
        put("interval", "'1 year 2 mons -3 days 04:05:06.789'", "'-178000000 years'", "'0'", "'-00:00:01'");
        put("interval day to second(2)", "'3 days 04:05:06.789'", "'0'");
        put("money", "'12.34'", "'-1'");
        put("ext.hstore", "'a=>1, b=>NULL'", "''", "'\"a b\"=>\"\\\"\"'");
        put("ext.ltree", "'a.b'", "''", "'x'");
        put("ext.citext[]", "'{a,A}'", "'{}'");
        put("text[]", "'{}'", "'{NULL,\"NULL\",\"\"}'", "'{{a,\"b\\\"c\"},{\"\\\\\\\\\",d}}'");
        put("date", "'infinity'", "'4713-01-01 BC'", "'2024-02-29'", "'5874897-12-31'");
        put("json", "'{\"b\":1, \"a\" : 1e400, \"b\":2}'", "'null'", "'\"x\"'");
        put("jsonb", "'{\"b\":1, \"a\" : 1e40}'", "'null'");
        put("point", "'(1,2)'", "'(-0,NaN)'", "'(1,2)'");
        put("box", "'(1,2),(3,4)'", "'(0,0),(Infinity,1)'");
        put("box[]", "'{(1,2),(3,4);(0,0),(1,1)}'", "'{}'");
        put("inet", "'10.0.0.1'", "'::1/64'");
        put("tsvector", "'''a'':1A ''b c'':2'", "''");
        put("time without time zone", "'24:00'", "'00:00:00.000001'");
        put("time with time zone", "'24:00:00-15:59:59'", "'00:00+02'");
        put("xid8", "'1'", "'18446744073709551615'");
    }

    private Literals() {}

    private static void put(String type, String... literals) {
        BY_TYPE.merge(type, List.of(literals), Literals::joined);
    }

    private static List<String> joined(List<String> first, List<String> then) {
        return java.util.stream.Stream.concat(first.stream(), then.stream()).toList();
    }

    /** Any of a type's literals. */
    static String any(String type, Random random) {
        List<String> literals = BY_TYPE.get(type);
        if (literals == null) {
            throw new IllegalArgumentException("No literals of type " + type);
        }
        String literal = literals.get(random.nextInt(literals.size()));
        boolean isVeryLong = literal.contains("0000)") && random.nextInt(5) > 0;
        return isVeryLong ? literals.get(0) : literal;
    }
}
