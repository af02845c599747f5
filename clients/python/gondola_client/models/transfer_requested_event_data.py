from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.event_line import EventLine





T = TypeVar("T", bound="TransferRequestedEventData")



@_attrs_define
class TransferRequestedEventData:
    """ The `data` of a `TransferRequestedEvent`.

        Example:
            {'definition': 1, 'destinationStoreId': '11111111-1111-1111-1111-111111111112', 'holdUntil':
                '2026-11-28T08:30:00.000Z', 'lines': [{'productId': '22222222-2222-2222-2222-000000000001', 'quantity': 24}],
                'reason': 'replenishment', 'sourceStoreId': '11111111-1111-1111-1111-111111111111'}

        Attributes:
            definition (int):
            source_store_id (UUID):
            destination_store_id (UUID):
            lines (list[EventLine]):
            hold_until (datetime.datetime):
            reference (str | Unset):
            reason (str | Unset):
     """

    definition: int
    source_store_id: UUID
    destination_store_id: UUID
    lines: list[EventLine]
    hold_until: datetime.datetime
    reference: str | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_line import EventLine # noqa: PLC0415
        definition = self.definition

        source_store_id = str(self.source_store_id)

        destination_store_id = str(self.destination_store_id)

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        hold_until = self.hold_until.isoformat()

        reference = self.reference

        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "definition": definition,
            "sourceStoreId": source_store_id,
            "destinationStoreId": destination_store_id,
            "lines": lines,
            "holdUntil": hold_until,
        })
        if reference is not UNSET:
            field_dict["reference"] = reference
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_line import EventLine # noqa: PLC0415
        d = dict(src_dict)
        definition = d.pop("definition")

        source_store_id = UUID(d.pop("sourceStoreId"))




        destination_store_id = UUID(d.pop("destinationStoreId"))




        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventLine.from_dict(lines_item_data)



            lines.append(lines_item)


        hold_until = datetime.datetime.fromisoformat(d.pop("holdUntil"))




        reference = d.pop("reference", UNSET)

        reason = d.pop("reason", UNSET)

        transfer_requested_event_data = cls(
            definition=definition,
            source_store_id=source_store_id,
            destination_store_id=destination_store_id,
            lines=lines,
            hold_until=hold_until,
            reference=reference,
            reason=reason,
        )

        return transfer_requested_event_data

