#!/bin/sh
# Makes the application's own role, once, when the database is made. What it may do, `mesh-readiness db grants` says.
set -eu

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="$(cat /run/secrets/application_password)" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE mesh_app LOGIN PASSWORD :'password';
SQL
