from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="PosShortLine")



@_attrs_define
class PosShortLine:
    """ A line that took more than the books had.

        Attributes:
            line (int): Its place in `lines`, from 0 on.
            product_id (UUID): The product.
            missing (int): Units that were missing when it was merged.
            line_id (str | Unset): The till's own name of it.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
     """

    line: int
    product_id: UUID
    missing: int
    line_id: str | Unset = UNSET
    product_sku: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        line = self.line

        product_id = str(self.product_id)

        missing = self.missing

        line_id = self.line_id

        product_sku = self.product_sku


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "line": line,
            "productId": product_id,
            "missing": missing,
        })
        if line_id is not UNSET:
            field_dict["lineId"] = line_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line")

        product_id = UUID(d.pop("productId"))




        missing = d.pop("missing")

        line_id = d.pop("lineId", UNSET)

        product_sku = d.pop("productSku", UNSET)

        pos_short_line = cls(
            line=line,
            product_id=product_id,
            missing=missing,
            line_id=line_id,
            product_sku=product_sku,
        )


        pos_short_line.additional_properties = d
        return pos_short_line

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
