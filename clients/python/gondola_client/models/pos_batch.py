from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.pos_batch_state import PosBatchState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.pos_refused_line import PosRefusedLine
  from ..models.pos_short_line import PosShortLine





T = TypeVar("T", bound="PosBatch")



@_attrs_define
class PosBatch:
    """ What a till sent under one number.

        Attributes:
            pos_batch_id (UUID): The batch.
            store_id (UUID): The store.
            till_id (str): The till.
            sequence (int): The till's number of it.
            status (PosBatchState): How a batch stands.
            line_count (int): How many lines it has.
            shortfalls (list[PosShortLine]): The lines that took more than the books had: their shortfall is on their stock
                levels until a count or an earlier
                fact explains it.
            refused (list[PosRefusedLine]): The lines that lead outside what a stock level can have, and changed nothing.
            version (int): Its version.
            position (int): Position of its last change; a consistency token for `minPosition`.
            store_code (str | Unset): Its code, if the catalogue has it.
            opened_at (datetime.datetime | Unset): When the till began it.
            delayed_by (str | Unset): What merging fails of, again and again; it goes on being tried.
     """

    pos_batch_id: UUID
    store_id: UUID
    till_id: str
    sequence: int
    status: PosBatchState
    line_count: int
    shortfalls: list[PosShortLine]
    refused: list[PosRefusedLine]
    version: int
    position: int
    store_code: str | Unset = UNSET
    opened_at: datetime.datetime | Unset = UNSET
    delayed_by: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.pos_refused_line import PosRefusedLine # noqa: PLC0415
        from ..models.pos_short_line import PosShortLine # noqa: PLC0415
        pos_batch_id = str(self.pos_batch_id)

        store_id = str(self.store_id)

        till_id = self.till_id

        sequence = self.sequence

        status = self.status.value

        line_count = self.line_count

        shortfalls = []
        for shortfalls_item_data in self.shortfalls:
            shortfalls_item = shortfalls_item_data.to_dict()
            shortfalls.append(shortfalls_item)



        refused = []
        for refused_item_data in self.refused:
            refused_item = refused_item_data.to_dict()
            refused.append(refused_item)



        version = self.version

        position = self.position

        store_code = self.store_code

        opened_at: str | Unset = UNSET
        if not isinstance(self.opened_at, Unset):
            opened_at = self.opened_at.isoformat()

        delayed_by = self.delayed_by


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "posBatchId": pos_batch_id,
            "storeId": store_id,
            "tillId": till_id,
            "sequence": sequence,
            "status": status,
            "lineCount": line_count,
            "shortfalls": shortfalls,
            "refused": refused,
            "version": version,
            "position": position,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if opened_at is not UNSET:
            field_dict["openedAt"] = opened_at
        if delayed_by is not UNSET:
            field_dict["delayedBy"] = delayed_by

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pos_refused_line import PosRefusedLine # noqa: PLC0415
        from ..models.pos_short_line import PosShortLine # noqa: PLC0415
        d = dict(src_dict)
        pos_batch_id = UUID(d.pop("posBatchId"))




        store_id = UUID(d.pop("storeId"))




        till_id = d.pop("tillId")

        sequence = d.pop("sequence")

        status = PosBatchState(d.pop("status"))




        line_count = d.pop("lineCount")

        shortfalls = []
        _shortfalls = d.pop("shortfalls")
        for shortfalls_item_data in (_shortfalls):
            shortfalls_item = PosShortLine.from_dict(shortfalls_item_data)



            shortfalls.append(shortfalls_item)


        refused = []
        _refused = d.pop("refused")
        for refused_item_data in (_refused):
            refused_item = PosRefusedLine.from_dict(refused_item_data)



            refused.append(refused_item)


        version = d.pop("version")

        position = d.pop("position")

        store_code = d.pop("storeCode", UNSET)

        _opened_at = d.pop("openedAt", UNSET)
        opened_at: datetime.datetime | Unset
        if isinstance(_opened_at,  Unset):
            opened_at = UNSET
        else:
            opened_at = datetime.datetime.fromisoformat(_opened_at)




        delayed_by = d.pop("delayedBy", UNSET)

        pos_batch = cls(
            pos_batch_id=pos_batch_id,
            store_id=store_id,
            till_id=till_id,
            sequence=sequence,
            status=status,
            line_count=line_count,
            shortfalls=shortfalls,
            refused=refused,
            version=version,
            position=position,
            store_code=store_code,
            opened_at=opened_at,
            delayed_by=delayed_by,
        )


        pos_batch.additional_properties = d
        return pos_batch

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
