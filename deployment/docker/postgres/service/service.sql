-- One service: its database, the role that owns what is in it, the one that migrates it, and the one that uses it.
\set owner :service _owner
\set migrator :service _migrator
\set app :service _app
\set database :service _db

CREATE ROLE :"owner" NOLOGIN;
-- what it makes belongs to the owner, so it does not matter who migrates
CREATE ROLE :"migrator" LOGIN PASSWORD :'password' IN ROLE :"owner";
ALTER ROLE :"migrator" SET role = :'owner';
CREATE ROLE :"app" LOGIN PASSWORD :'password' CONNECTION LIMIT 100;
ALTER ROLE :"app" SET statement_timeout = '30s';
ALTER ROLE :"app" SET idle_in_transaction_session_timeout = '15s';

CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"migrator", :"app";

\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- a migration says what may be done with each table; who may see the schema at all is said here
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE ON SCHEMAS TO :"app";
