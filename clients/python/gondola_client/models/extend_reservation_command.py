from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.extend_reservation_command_op import ExtendReservationCommandOp
from uuid import UUID






T = TypeVar("T", bound="ExtendReservationCommand")



@_attrs_define
class ExtendReservationCommand:
    """ Keep a reservation alive: its deadline becomes now plus `ttlSeconds`, and never earlier than it was.

        Attributes:
            op (ExtendReservationCommandOp): Which command it is.
            reservation_id (UUID): The reservation.
            ttl_seconds (int): Seconds from now until the deadline. Up to 24 hours, or what `longestHoldSeconds` of the
                store says. Example: 300.
     """

    op: ExtendReservationCommandOp
    reservation_id: UUID
    ttl_seconds: int





    def to_dict(self) -> dict[str, Any]:
        op = self.op.value

        reservation_id = str(self.reservation_id)

        ttl_seconds = self.ttl_seconds


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "op": op,
            "reservationId": reservation_id,
            "ttlSeconds": ttl_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        op = ExtendReservationCommandOp(d.pop("op"))




        reservation_id = UUID(d.pop("reservationId"))




        ttl_seconds = d.pop("ttlSeconds")

        extend_reservation_command = cls(
            op=op,
            reservation_id=reservation_id,
            ttl_seconds=ttl_seconds,
        )

        return extend_reservation_command

