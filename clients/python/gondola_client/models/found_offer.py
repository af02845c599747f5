from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="FoundOffer")



@_attrs_define
class FoundOffer:
    """ On what terms a supplier delivers a product.

        Attributes:
            product_id (UUID): The product.
            supplier_code (str): The supplier, by its code.
            supplier_name (str): Its name for people.
            minimum_order_quantity (int): The least that it delivers at once, in units.
            order_multiple (int): Orders are whole multiples of it.
            preferred (bool): Whether the product is ordered there first.
            supplier_sku (str | Unset): What it calls the product.
            lead_time_days (int | Unset): Whole days from an order to its delivery: those of the supplier where the offer
                says none.
     """

    product_id: UUID
    supplier_code: str
    supplier_name: str
    minimum_order_quantity: int
    order_multiple: int
    preferred: bool
    supplier_sku: str | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        supplier_code = self.supplier_code

        supplier_name = self.supplier_name

        minimum_order_quantity = self.minimum_order_quantity

        order_multiple = self.order_multiple

        preferred = self.preferred

        supplier_sku = self.supplier_sku

        lead_time_days = self.lead_time_days


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "supplierCode": supplier_code,
            "supplierName": supplier_name,
            "minimumOrderQuantity": minimum_order_quantity,
            "orderMultiple": order_multiple,
            "preferred": preferred,
        })
        if supplier_sku is not UNSET:
            field_dict["supplierSku"] = supplier_sku
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        supplier_code = d.pop("supplierCode")

        supplier_name = d.pop("supplierName")

        minimum_order_quantity = d.pop("minimumOrderQuantity")

        order_multiple = d.pop("orderMultiple")

        preferred = d.pop("preferred")

        supplier_sku = d.pop("supplierSku", UNSET)

        lead_time_days = d.pop("leadTimeDays", UNSET)

        found_offer = cls(
            product_id=product_id,
            supplier_code=supplier_code,
            supplier_name=supplier_name,
            minimum_order_quantity=minimum_order_quantity,
            order_multiple=order_multiple,
            preferred=preferred,
            supplier_sku=supplier_sku,
            lead_time_days=lead_time_days,
        )


        found_offer.additional_properties = d
        return found_offer

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
