"""A client that tries again where that is safe. Operations and models are those of `gondola_client`, which is generated."""

from gondola.retry import connect

__all__ = ["connect"]
