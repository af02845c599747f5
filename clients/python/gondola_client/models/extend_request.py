from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from uuid import UUID






T = TypeVar("T", bound="ExtendRequest")



@_attrs_define
class ExtendRequest:
    """ Keep a reservation alive: its deadline becomes now plus `ttlSeconds`, and never earlier than it was.

        Attributes:
            reservation_id (UUID): The reservation.
            ttl_seconds (int): Seconds from now until the deadline. Up to 24 hours, or what `longestHoldSeconds` of the
                store says. Example: 300.
     """

    reservation_id: UUID
    ttl_seconds: int





    def to_dict(self) -> dict[str, Any]:
        reservation_id = str(self.reservation_id)

        ttl_seconds = self.ttl_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "reservationId": reservation_id,
            "ttlSeconds": ttl_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        ttl_seconds = d.pop("ttlSeconds")

        extend_request = cls(
            reservation_id=reservation_id,
            ttl_seconds=ttl_seconds,
        )

        return extend_request

