from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ReservationExtendedEventData")



@_attrs_define
class ReservationExtendedEventData:
    """ The `data` of a `ReservationExtendedEvent`.

        Example:
            {'expiresAt': '2026-11-27T08:40:00.000Z', 'reservationId': '019ac1d2-7b1e-7000-8000-000000000001'}

        Attributes:
            reservation_id (UUID):
            expires_at (datetime.datetime):
     """

    reservation_id: UUID
    expires_at: datetime.datetime





    def to_dict(self) -> dict[str, Any]:
        reservation_id = str(self.reservation_id)

        expires_at = self.expires_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "reservationId": reservation_id,
            "expiresAt": expires_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))




        reservation_extended_event_data = cls(
            reservation_id=reservation_id,
            expires_at=expires_at,
        )

        return reservation_extended_event_data

