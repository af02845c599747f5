from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.basket_line import BasketLine





T = TypeVar("T", bound="WantedPart")



@_attrs_define
class WantedPart:
    """ What one store is to hold.

        Attributes:
            lines (list[BasketLine]): 1 to 500 lines; lines of the same product are added up.
            store_id (UUID | Unset): The store, by id; this or `storeCode`.
            store_code (str | Unset): The store, by its code in the catalogue.
     """

    lines: list[BasketLine]
    store_id: UUID | Unset = UNSET
    store_code: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)



        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        store_code = self.store_code


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "lines": lines,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.basket_line import BasketLine # noqa: PLC0415
        d = dict(src_dict)
        lines = []
        _lines = d.pop("lines")
        for lines_item_data in (_lines):
            lines_item = BasketLine.from_dict(lines_item_data)



            lines.append(lines_item)


        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        store_code = d.pop("storeCode", UNSET)

        wanted_part = cls(
            lines=lines,
            store_id=store_id,
            store_code=store_code,
        )

        return wanted_part

