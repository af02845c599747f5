from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="TransferReturnOrderedEventData")



@_attrs_define
class TransferReturnOrderedEventData:
    """ The `data` of a `TransferReturnOrderedEvent`.

        Example:
            {'occurredAt': '2026-11-27T06:00:00.000Z', 'reason': 'refused at the door'}

        Attributes:
            reason (str | Unset):
            occurred_at (datetime.datetime | Unset):
     """

    reason: str | Unset = UNSET
    occurred_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        occurred_at: str | Unset = UNSET
        if not isinstance(self.occurred_at, Unset):
            occurred_at = self.occurred_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if occurred_at is not UNSET:
            field_dict["occurredAt"] = occurred_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason", UNSET)

        _occurred_at = d.pop("occurredAt", UNSET)
        occurred_at: datetime.datetime | Unset
        if isinstance(_occurred_at,  Unset):
            occurred_at = UNSET
        else:
            occurred_at = datetime.datetime.fromisoformat(_occurred_at)




        transfer_return_ordered_event_data = cls(
            reason=reason,
            occurred_at=occurred_at,
        )

        return transfer_return_ordered_event_data

