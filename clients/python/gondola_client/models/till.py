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
  from ..models.sequence_range import SequenceRange





T = TypeVar("T", bound="Till")



@_attrs_define
class Till:
    """ A till, as its batches tell.

        Attributes:
            store_id (UUID): The store.
            till_id (str): The till.
            last_sequence (int): The highest number of a batch that came.
            missing_count (int): Numbers below it that never came, from 1 on.
            missing (list[SequenceRange]): The first of those: 10 ranges in a list, 1000 of one till.
            batches (int): Batches that came.
            unmerged_batches (int): Batches that came and are still to be merged.
            delayed_batches (int): Those of which merging fails again and again.
            lines (int): Lines of all batches.
            shortfall_units (int): Units that the books lacked for them.
            refused_lines (int): Lines that lead outside what a stock level can have, and changed nothing.
            last_seen_at (datetime.datetime): When a batch came last.
            last_sale_at (datetime.datetime): The latest moment of its lines, by its own clock.
            store_code (str | Unset): Its code, if the catalogue has it.
     """

    store_id: UUID
    till_id: str
    last_sequence: int
    missing_count: int
    missing: list[SequenceRange]
    batches: int
    unmerged_batches: int
    delayed_batches: int
    lines: int
    shortfall_units: int
    refused_lines: int
    last_seen_at: datetime.datetime
    last_sale_at: datetime.datetime
    store_code: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.sequence_range import SequenceRange # noqa: PLC0415
        store_id = str(self.store_id)

        till_id = self.till_id

        last_sequence = self.last_sequence

        missing_count = self.missing_count

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)



        batches = self.batches

        unmerged_batches = self.unmerged_batches

        delayed_batches = self.delayed_batches

        lines = self.lines

        shortfall_units = self.shortfall_units

        refused_lines = self.refused_lines

        last_seen_at = self.last_seen_at.isoformat()

        last_sale_at = self.last_sale_at.isoformat()

        store_code = self.store_code


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "tillId": till_id,
            "lastSequence": last_sequence,
            "missingCount": missing_count,
            "missing": missing,
            "batches": batches,
            "unmergedBatches": unmerged_batches,
            "delayedBatches": delayed_batches,
            "lines": lines,
            "shortfallUnits": shortfall_units,
            "refusedLines": refused_lines,
            "lastSeenAt": last_seen_at,
            "lastSaleAt": last_sale_at,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sequence_range import SequenceRange # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        till_id = d.pop("tillId")

        last_sequence = d.pop("lastSequence")

        missing_count = d.pop("missingCount")

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in (_missing):
            missing_item = SequenceRange.from_dict(missing_item_data)



            missing.append(missing_item)


        batches = d.pop("batches")

        unmerged_batches = d.pop("unmergedBatches")

        delayed_batches = d.pop("delayedBatches")

        lines = d.pop("lines")

        shortfall_units = d.pop("shortfallUnits")

        refused_lines = d.pop("refusedLines")

        last_seen_at = datetime.datetime.fromisoformat(d.pop("lastSeenAt"))




        last_sale_at = datetime.datetime.fromisoformat(d.pop("lastSaleAt"))




        store_code = d.pop("storeCode", UNSET)

        till = cls(
            store_id=store_id,
            till_id=till_id,
            last_sequence=last_sequence,
            missing_count=missing_count,
            missing=missing,
            batches=batches,
            unmerged_batches=unmerged_batches,
            delayed_batches=delayed_batches,
            lines=lines,
            shortfall_units=shortfall_units,
            refused_lines=refused_lines,
            last_seen_at=last_seen_at,
            last_sale_at=last_sale_at,
            store_code=store_code,
        )


        till.additional_properties = d
        return till

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
