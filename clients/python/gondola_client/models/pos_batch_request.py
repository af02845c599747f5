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
  from ..models.pos_batch_line import PosBatchLine





T = TypeVar("T", bound="PosBatchRequest")



@_attrs_define
class PosBatchRequest:
    """ What a till sold while it was offline, under a number of its own.

        Example:
            {'lines': [{'lineId': '1', 'occurredAt': '2026-11-27T10:15:30Z', 'productSku': 'PROD123456', 'quantity': 2,
                'transactionId': 'R-4711'}, {'lineId': '2', 'occurredAt': '2026-11-27T10:16:02Z', 'productSku': 'PROD123457',
                'quantity': 1, 'transactionId': 'R-4712', 'type': 'return'}], 'openedAt': '2026-11-27T10:00:00Z', 'sequence':
                18, 'storeCode': 'SP-PAULISTA', 'tillId': '3'}

        Attributes:
            till_id (str): The till, by the name that the store gives it.
            sequence (int): The till's number of the batch: 1, 2, 3, each used once. They may come late and in any order.
            lines (list[PosBatchLine]): 1 to 2000 lines.
            store_id (UUID | Unset): The store, by id; this or `storeCode`.
            store_code (str | Unset): The store, by its code in the catalogue.
            opened_at (datetime.datetime | Unset): When the till began it; no line is from before.
     """

    till_id: str
    sequence: int
    lines: list[PosBatchLine]
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET
    opened_at: datetime.datetime | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.pos_batch_line import PosBatchLine # noqa: PLC0415
        till_id = self.till_id

        sequence = self.sequence

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code

        opened_at: str | Unset = UNSET
        if not isinstance(self.opened_at, Unset):
            opened_at = self.opened_at.isoformat()


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "tillId": till_id,
            "sequence": sequence,
            "lines": lines,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if opened_at is not UNSET:
            field_dict["openedAt"] = opened_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pos_batch_line import PosBatchLine # noqa: PLC0415
        d = dict(src_dict)
        till_id = d.pop("tillId")

        sequence = d.pop("sequence")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = PosBatchLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        _opened_at = d.pop("openedAt", UNSET)
        opened_at: datetime.datetime | Unset
        if isinstance(_opened_at,  Unset):
            opened_at = UNSET
        else:
            opened_at = datetime.datetime.fromisoformat(_opened_at)




        pos_batch_request = cls(
            till_id=till_id,
            sequence=sequence,
            lines=lines,
            store_id=store_id,
            store_code=store_code,
            opened_at=opened_at,
        )

        return pos_batch_request

