-- The databases and users of a test server: for each service a database, a user who migrates it and one who may only use
-- it, and `test_...` databases for tests, which both may use in the same way.
CREATE USER 'superuser'@'%' IDENTIFIED BY 'gondola';
GRANT ALL ON *.* TO 'superuser'@'%';

CREATE DATABASE inventory_db CHARACTER SET utf8mb4;
CREATE USER 'inventory_migrator'@'%' IDENTIFIED BY 'gondola';
CREATE USER 'inventory_app'@'%' IDENTIFIED BY 'gondola';
GRANT ALL ON `inventory_db`.* TO 'inventory_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `inventory_db`.* TO 'inventory_app'@'%';
GRANT ALL ON `test\_%`.* TO 'inventory_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `test\_%`.* TO 'inventory_app'@'%';
-- tests hold statements up with triggers
GRANT TRIGGER ON `test\_%`.* TO 'inventory_app'@'%';

CREATE DATABASE store_db CHARACTER SET utf8mb4;
CREATE USER 'store_migrator'@'%' IDENTIFIED BY 'gondola';
CREATE USER 'store_app'@'%' IDENTIFIED BY 'gondola';
GRANT ALL ON `store_db`.* TO 'store_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `store_db`.* TO 'store_app'@'%';
GRANT ALL ON `test\_%`.* TO 'store_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `test\_%`.* TO 'store_app'@'%';
-- tests hold statements up with triggers
GRANT TRIGGER ON `test\_%`.* TO 'store_app'@'%';

CREATE DATABASE notification_db CHARACTER SET utf8mb4;
CREATE USER 'notification_migrator'@'%' IDENTIFIED BY 'gondola';
CREATE USER 'notification_app'@'%' IDENTIFIED BY 'gondola';
GRANT ALL ON `notification_db`.* TO 'notification_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `notification_db`.* TO 'notification_app'@'%';
GRANT ALL ON `test\_%`.* TO 'notification_migrator'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON `test\_%`.* TO 'notification_app'@'%';
-- tests hold statements up with triggers
GRANT TRIGGER ON `test\_%`.* TO 'notification_app'@'%';
