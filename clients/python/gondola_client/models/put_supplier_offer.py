from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.unit_price import UnitPrice





T = TypeVar("T", bound="PutSupplierOffer")



@_attrs_define
class PutSupplierOffer:
    """ The terms of an offer, all of them.

        Attributes:
            supplier_sku (str | Unset): What the supplier calls the product. Example: HP-4711.
            lead_time_days (int | Unset): Days from an order to its delivery; those of the supplier when absent. Example: 7.
            minimum_order_quantity (int | Unset): The least units that are delivered at once; 1 when absent. Example: 24.
            order_multiple (int | Unset): Orders are whole multiples of so many units, such as those of a pack; 1 when
                absent. Example: 12.
            unit_cost (UnitPrice | Unset): Money in whole minor units.
            preferred (bool | Unset): Whether the product is ordered from this supplier first. One offer of a product is the
                preferred one, or none. Default: False.
     """

    supplier_sku: str | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    minimum_order_quantity: int | Unset = UNSET
    order_multiple: int | Unset = UNSET
    unit_cost: UnitPrice | Unset = UNSET
    preferred: bool | Unset = False





    def to_dict(self) -> dict[str, Any]:
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        supplier_sku = self.supplier_sku

        lead_time_days = self.lead_time_days

        minimum_order_quantity = self.minimum_order_quantity

        order_multiple = self.order_multiple

        unit_cost: dict[str, Any] | Unset = UNSET
        if not isinstance(self.unit_cost, Unset):
            unit_cost = self.unit_cost.to_dict()

        preferred = self.preferred


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if supplier_sku is not UNSET:
            field_dict["supplierSku"] = supplier_sku
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days
        if minimum_order_quantity is not UNSET:
            field_dict["minimumOrderQuantity"] = minimum_order_quantity
        if order_multiple is not UNSET:
            field_dict["orderMultiple"] = order_multiple
        if unit_cost is not UNSET:
            field_dict["unitCost"] = unit_cost
        if preferred is not UNSET:
            field_dict["preferred"] = preferred

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        d = dict(src_dict)
        supplier_sku = d.pop("supplierSku", UNSET)

        lead_time_days = d.pop("leadTimeDays", UNSET)

        minimum_order_quantity = d.pop("minimumOrderQuantity", UNSET)

        order_multiple = d.pop("orderMultiple", UNSET)

        _unit_cost = d.pop("unitCost", UNSET)
        unit_cost: UnitPrice | Unset
        if isinstance(_unit_cost,  Unset):
            unit_cost = UNSET
        else:
            unit_cost = UnitPrice.from_dict(_unit_cost)




        preferred = d.pop("preferred", UNSET)

        put_supplier_offer = cls(
            supplier_sku=supplier_sku,
            lead_time_days=lead_time_days,
            minimum_order_quantity=minimum_order_quantity,
            order_multiple=order_multiple,
            unit_cost=unit_cost,
            preferred=preferred,
        )

        return put_supplier_offer

