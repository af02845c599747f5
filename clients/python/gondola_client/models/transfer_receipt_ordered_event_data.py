from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.event_arrival import EventArrival





T = TypeVar("T", bound="TransferReceiptOrderedEventData")



@_attrs_define
class TransferReceiptOrderedEventData:
    """ The `data` of a `TransferReceiptOrderedEvent`.

        Example:
            {'lines': [{'accepted': 20, 'damaged': 2, 'over': 1, 'productId': '22222222-2222-2222-2222-000000000001',
                'short': 2}], 'occurredAt': '2026-11-27T06:00:00.000Z', 'reason': 'crushed'}

        Attributes:
            lines (list[EventArrival]):
            reason (str | Unset):
            occurred_at (datetime.datetime | Unset):
     """

    lines: list[EventArrival]
    reason: str | Unset = UNSET
    occurred_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_arrival import EventArrival # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        reason = self.reason

        occurred_at: str | Unset = UNSET
        if not isinstance(self.occurred_at, Unset):
            occurred_at = self.occurred_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if occurred_at is not UNSET:
            field_dict["occurredAt"] = occurred_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_arrival import EventArrival # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventArrival.from_dict(lines_item_data)



            lines.append(lines_item)


        reason = d.pop("reason", UNSET)

        _occurred_at = d.pop("occurredAt", UNSET)
        occurred_at: datetime.datetime | Unset
        if isinstance(_occurred_at,  Unset):
            occurred_at = UNSET
        else:
            occurred_at = datetime.datetime.fromisoformat(_occurred_at)




        transfer_receipt_ordered_event_data = cls(
            lines=lines,
            reason=reason,
            occurred_at=occurred_at,
        )

        return transfer_receipt_ordered_event_data

