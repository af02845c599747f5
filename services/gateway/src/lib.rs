//! The front door: landing page, API documents and their viewers.
