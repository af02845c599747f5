//! The inventory context: application, storage and API of stock levels and reservations.
