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
  from ..models.event_pos_line import EventPosLine





T = TypeVar("T", bound="PosBatchReceivedEventData")



@_attrs_define
class PosBatchReceivedEventData:
    """ The `data` of a `PosBatchReceivedEvent`.

        Example:
            {'lines': [{'delta': -2, 'lineId': 'L-1', 'occurredAt': '2026-11-27T08:15:30.250Z', 'productId':
                '22222222-2222-2222-2222-000000000001', 'transactionId': 'R-4711'}, {'delta': 1, 'occurredAt':
                '2026-11-27T08:15:31.000Z', 'productId': '22222222-2222-2222-2222-000000000001', 'transactionId': 'R-4712'}],
                'openedAt': '2026-11-27T08:00:00.000Z', 'sequence': 18, 'storeId': '11111111-1111-1111-1111-111111111111',
                'tillId': 'till 3'}

        Attributes:
            store_id (UUID):
            till_id (str):
            sequence (int):
            lines (list[EventPosLine]):
            opened_at (datetime.datetime | Unset):
     """

    store_id: UUID
    till_id: str
    sequence: int
    lines: list[EventPosLine]
    opened_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_pos_line import EventPosLine # noqa: PLC0415
        store_id = str(self.store_id)

        till_id = self.till_id

        sequence = self.sequence

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        opened_at: str | Unset = UNSET
        if not isinstance(self.opened_at, Unset):
            opened_at = self.opened_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "storeId": store_id,
            "tillId": till_id,
            "sequence": sequence,
            "lines": lines,
        })
        if opened_at is not UNSET:
            field_dict["openedAt"] = opened_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_pos_line import EventPosLine # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        till_id = d.pop("tillId")

        sequence = d.pop("sequence")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = EventPosLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _opened_at = d.pop("openedAt", UNSET)
        opened_at: datetime.datetime | Unset
        if isinstance(_opened_at,  Unset):
            opened_at = UNSET
        else:
            opened_at = datetime.datetime.fromisoformat(_opened_at)




        pos_batch_received_event_data = cls(
            store_id=store_id,
            till_id=till_id,
            sequence=sequence,
            lines=lines,
            opened_at=opened_at,
        )

        return pos_batch_received_event_data

