-- Text in lower case and without accents, as it is searched. unaccent is only STABLE (a dictionary can be exchanged);
-- naming the dictionary makes it as good as immutable, which generated columns demand.
create or replace function {schema}.fold(given text) returns text language sql immutable parallel safe strict
return lower(public.unaccent('public.unaccent'::regdictionary, given));
