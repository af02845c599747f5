-- The roles and databases of a test server: one database for each service, and who may do what in it.
\set ON_ERROR_STOP on
\set password gondola

CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';

\set service inventory
\ir service/service.sql
\set service store
\ir service/service.sql
\set service notification
\ir service/service.sql
