from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="ProposedOrder")



@_attrs_define
class ProposedOrder:
    """ What to order of a supplier: the preferred one of the product, else the one that delivers soonest.

        Attributes:
            supplier_code (str): The supplier, by its code.
            supplier_name (str): Its name for people.
            preferred (bool): Whether the product is ordered there first.
            minimum_order_quantity (int): The least that it delivers at once, in units.
            order_multiple (int): Orders are whole multiples of it.
            quantity (int): Units to order.
            supplier_sku (str | Unset): What it calls the product.
            lead_time_days (int | Unset): Whole days from an order to its delivery, if known.
     """

    supplier_code: str
    supplier_name: str
    preferred: bool
    minimum_order_quantity: int
    order_multiple: int
    quantity: int
    supplier_sku: str | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        supplier_code = self.supplier_code

        supplier_name = self.supplier_name

        preferred = self.preferred

        minimum_order_quantity = self.minimum_order_quantity

        order_multiple = self.order_multiple

        quantity = self.quantity

        supplier_sku = self.supplier_sku

        lead_time_days = self.lead_time_days


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "supplierCode": supplier_code,
            "supplierName": supplier_name,
            "preferred": preferred,
            "minimumOrderQuantity": minimum_order_quantity,
            "orderMultiple": order_multiple,
            "quantity": quantity,
        })
        if supplier_sku is not UNSET:
            field_dict["supplierSku"] = supplier_sku
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        supplier_code = d.pop("supplierCode")

        supplier_name = d.pop("supplierName")

        preferred = d.pop("preferred")

        minimum_order_quantity = d.pop("minimumOrderQuantity")

        order_multiple = d.pop("orderMultiple")

        quantity = d.pop("quantity")

        supplier_sku = d.pop("supplierSku", UNSET)

        lead_time_days = d.pop("leadTimeDays", UNSET)

        proposed_order = cls(
            supplier_code=supplier_code,
            supplier_name=supplier_name,
            preferred=preferred,
            minimum_order_quantity=minimum_order_quantity,
            order_multiple=order_multiple,
            quantity=quantity,
            supplier_sku=supplier_sku,
            lead_time_days=lead_time_days,
        )


        proposed_order.additional_properties = d
        return proposed_order

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
