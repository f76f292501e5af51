#!/bin/sh
# Run once, by the image of PostgreSQL on an empty volume: the bot's user may do nothing but own the bot's database.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv password DATABASE_PASSWORD
CREATE ROLE zhendema LOGIN PASSWORD :'password';
CREATE DATABASE zhendema OWNER zhendema ENCODING 'UTF8' TEMPLATE template0;
SQL
