-- transaction: a row of everything, its extremes, and nothing
insert into s.all_types (small, big, num, scaled, f4, f8, yes, txt, vc, ch, one, nam, dom, d, t, tz, ts, tstz, span,
    span_days, js, jsb, doc, bin, b8, vb, uid, cash, host, net, mac, mac8, pt, ln, seg, bx, pa, poly, circ, ints, grid,
    texts, nums, stamps, mood, moods, pr, prs, nest, r4, rn, rts, mr, vec, q, h, lsn, o, cls, x8, defaulted)
values
(-32768, -9223372036854775808, 'NaN', 12345678.9000, 'NaN', '-0', true,
    E'tab\t cr\r lf\n \\N \\. "quote" ''single'' \u00e9\u0301 \U0001F600 \ufeff ${env:PATH} <script>', '', 'pad', 'x', 'na me',
    '', 'infinity', '24:00', '15:59:59.999999-15:59:59', '-infinity', 'infinity', '178000000 years',
    '2147483647 hours', '{"a": 1, "a" : 123456789012345678901234567890, "z": "\u0041"}',
    '{"n": 1e400, "a": null}', '<a b="c">d &amp; <![CDATA[e]]></a>', '\x00ff5c', B'00000000', B'0001',
    '00000000-0000-0000-0000-000000000001', '-92233720368547758.08', '::ffff:1.2.3.4/96', '10.0.0.0/8',
    '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(NaN,-Infinity)', '{1,-1,0}', '[(0,0),(1,1e-300)]', '(1,1),(0,0)',
    '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),1e308>', '[-3:-1]={1,NULL,3}', '{{1,2},{3,NULL}}',
    array['', 'NULL', null, 'a,b', '{', '"', E'\\', E'\n'], '{NaN,Infinity,1.00}', '{infinity,"0001-01-01 00:00:00+00 BC"}',
    'it''s, "quoted"', array['', 'NULL', null]::s."mood, or 'so'"[], row(null, ''), array[row(1, 'a,"b'), null]::s.pair[],
    row(row(1, E'\\'), array[row(null, null)::s.pair], '4713-01-01 BC'), 'empty', '[NaN,)', '(,)',
    '{[1,3),[5,8)}', 'a:1A fat:2B,4C ''it''''s'':5', 'a & !(b | c:*)', 'a=>NULL, "b c"=>"", "d"=>"=>"', 'FFFFFFFF/FFFFFFFF',
    4294967295, 'pg_class', '18446744073709551615', null),
(32767, 9223372036854775807, '-Infinity', -0.0001, '-Infinity', '4.9e-324', false, '', ' lead and trail ', '', '',
    '', null, '4713-11-24 BC', '00:00', '00:00:00+15:59:59', '4713-11-24 00:00:00 BC', '294276-12-31 23:59:59.999999+00',
    '-178000000 years -1 mons +2 days -00:00:00.000001', '-2147483647 hours', 'null', 'null', '', '', B'11111111', '',
    'ffffffff-ffff-ffff-ffff-ffffffffffff', '92233720368547758.07', '::', '::/0', 'ff:ff:ff:ff:ff:ff',
    'ff:ff:ff:ff:ff:ff:ff:ff', '(-0,0)', '{0,1,0}', '[(0,0),(0,0)]', '(Infinity,0),(0,0)', '((0,0),(1,1))',
    '((0,0))', '<(0,0),0>', '{}', '{}', '{}', '{}', '{}', '', '{}', row(2147483647, null), '{}', null, '(,)', 'empty',
    '["-infinity","infinity"]', '{}', '', '', '', '0/0', 0, '-', '0', ''),
(0, 0, ('0.' || repeat('0', 999) || '1')::numeric, 1, 3.4028235e38, 1.7976931348623157e308, null, repeat('x', 3000),
    'unsent', 'a b', E'\\001', repeat('n', 63), 'NULL', '5874897-12-31', '23:59:59.999999', '00:00+00', '0001-01-01 BC',
    '1582-10-10 00:00+00', '0', '1 day', '[]', '"unsent"', '<x/>', decode(repeat('00ff', 4000), 'hex'), B'01010101',
    repeat('01', 500)::varbit, null, '0', '1.2.3.4', '1.2.3.4/32', null, null, null, null, null, null, null, null, null,
    '{{{1,2},{3,4}},{{5,6},{7,8}}}', '{1}', '{NULL}', '{1.0,1.00}', '{NULL}', 'so so', '{"so so"}', row(null, null), '{NULL}',
    row(null, null, null), '[1,5)', '[1.0,1.00]', '["2000-01-01 00:00:00+00","2000-01-02 00:00:00+00")', '{(,)}', 'x',
    '''a b'' <-> c', 'a=>1', '1/2', 1, 's.t', '1', 'not this');
insert into s.all_types default values;
insert into s.all_types (defaulted) values (null);
