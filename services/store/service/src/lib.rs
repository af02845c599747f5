//! The store context: application, storage and API of the catalogue.
