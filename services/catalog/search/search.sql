-- Texts as one (how a search folds them: libs/shared/database/search.sql). array_to_string is only STABLE (an element's output could depend on settings); texts only make it as
-- good as immutable, which generated columns demand.
create or replace function {schema}.joined(given text[]) returns text language sql immutable parallel safe strict
return array_to_string(given, ' ');

-- The endings of the words of a title: what is looked for within a word begins one of them. `<` begins no word of a
-- document. Whoever changes this makes the index of services anew.
create or replace function {schema}.endings(folded text) returns tsvector language sql immutable parallel safe strict
begin atomic
    select coalesce(array_to_tsvector(array_agg('<' || substr(word, place, 40))), ''::tsvector)
    from unnest(string_to_array(folded, ' ')) word, generate_series(1, length(word)) place;
end;

-- All words of a service and the endings of those of its title, for one index. Planned as costly, since it is: made
-- from the service it takes fifty times as long as finding the service in the index.
create or replace function {schema}.searched(document tsvector, folded text) returns tsvector
language sql immutable parallel safe strict cost 100000
return document || {schema}.endings(folded);
