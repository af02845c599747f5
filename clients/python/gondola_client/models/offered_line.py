from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="OfferedLine")



@_attrs_define
class OfferedLine:
    """ A line of a basket, and what is offered of it.

        Attributes:
            product_id (UUID): The product.
            requested (int): Units wanted.
            offered (int): Units offered, which may be more than are wanted; nothing where the store is closed or the
                product not sold any more.
            shortfall (int): Units wanted that are not offered.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
     """

    product_id: UUID
    requested: int
    offered: int
    shortfall: int
    product_sku: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        requested = self.requested

        offered = self.offered

        shortfall = self.shortfall

        product_sku = self.product_sku


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "requested": requested,
            "offered": offered,
            "shortfall": shortfall,
        })
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        requested = d.pop("requested")

        offered = d.pop("offered")

        shortfall = d.pop("shortfall")

        product_sku = d.pop("productSku", UNSET)

        offered_line = cls(
            product_id=product_id,
            requested=requested,
            offered=offered,
            shortfall=shortfall,
            product_sku=product_sku,
        )


        offered_line.additional_properties = d
        return offered_line

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
