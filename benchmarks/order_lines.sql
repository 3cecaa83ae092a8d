-- order_lines: lines of a CSV file of orders with their customer; one in a hundred is soiled in one of eight ways.
-- One row per line. `draw(i, salt, n)` is a number from 0 to n - 1 that only depends on its arguments.
with orders as (
    select range as i, case when draw(range, 0, 100) = 0 then draw(range, 1, 8) end as soiled
    from range($n_lines)
),
drawn as (
    select i, soiled, [
        'B' || lpad(cast(case when soiled = 1 then i - 1 else i end as varchar), 9, '0'),
        case when soiled = 2 then '' else lpad(cast(draw(i, 2, 200000) as varchar), 7, '0') end,
        ['Jansen', 'de Vries', 'van den Berg', 'Bakker', '"Visser; ""Smit"""', 'Meijer', 'de Boer', 'Özdemir']
            [1 + draw(i, 3, 8)],
        case when soiled = 3 then 'geen adres'
            when draw(i, 4, 10) < 8 then 'k' || draw(i, 2, 200000) || '@'
                || ['example.nl', 'post.example.org', 'mail.example.com'][1 + draw(i, 5, 3)]
            else '' end,
        1000 + draw(i, 6, 9000) || ' ' || chr(cast(65 + draw(i, 7, 26) as integer))
            || chr(cast(65 + draw(i, 8, 26) as integer)),
        ['Utrecht', 'Amsterdam', '''s-Hertogenbosch', 'Zwolle ', 'Groningen', 'Den Haag'][1 + draw(i, 9, 6)],
        case when soiled = 4 then '31-02-1980'
            when draw(i, 10, 10) < 7
                then strftime(date '1930-01-01' + cast(draw(i, 11, 28000) as integer), '%d-%m-%Y')
            else '' end,
        strftime(date '2023-01-01' + cast(draw(i, 12, 1200) as integer), '%d-%m-%Y'),
        case when soiled = 5 then '-1' else cast(1 + draw(i, 13, 9) as varchar) end,
        replace(cast(cast(draw(i, 14, 50000) / 100 as decimal(9, 2)) as varchar), '.',
            case when soiled = 6 then '.' else ',' end),
        case when draw(i, 15, 20) = 0 then 'J' else 'N' end,
        case when soiled = 7 then 'fax' else ['web', 'winkel', 'telefoon', 'app'][1 + draw(i, 16, 4)] end
    ] as texts
    from orders
)
select array_to_string(case when soiled = 0 then texts[:11] else texts end, ';') as line from drawn order by i
