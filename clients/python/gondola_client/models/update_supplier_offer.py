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





T = TypeVar("T", bound="UpdateSupplierOffer")



@_attrs_define
class UpdateSupplierOffer:
    """ What to change of an offer (JSON merge patch): what is absent stays, null removes.

        Attributes:
            supplier_sku (None | str | Unset): What the supplier calls the product.
            lead_time_days (int | None | Unset): Days from an order to its delivery; null takes those of the supplier.
            minimum_order_quantity (int | Unset): The least units that are delivered at once.
            order_multiple (int | Unset): Orders are whole multiples of so many units.
            unit_cost (None | UnitPrice | Unset):
            preferred (bool | Unset): Whether the product is ordered from this supplier first.
     """

    supplier_sku: None | str | Unset = UNSET
    lead_time_days: int | None | Unset = UNSET
    minimum_order_quantity: int | Unset = UNSET
    order_multiple: int | Unset = UNSET
    unit_cost: None | UnitPrice | Unset = UNSET
    preferred: bool | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        supplier_sku: None | str | Unset
        if isinstance(self.supplier_sku, Unset):
            supplier_sku = UNSET
        else:
            supplier_sku = self.supplier_sku

        lead_time_days: int | None | Unset
        if isinstance(self.lead_time_days, Unset):
            lead_time_days = UNSET
        else:
            lead_time_days = self.lead_time_days

        minimum_order_quantity = self.minimum_order_quantity

        order_multiple = self.order_multiple

        unit_cost: dict[str, Any] | None | Unset
        if isinstance(self.unit_cost, Unset):
            unit_cost = UNSET
        elif isinstance(self.unit_cost, UnitPrice):
            unit_cost = self.unit_cost.to_dict()
        else:
            unit_cost = self.unit_cost

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
        def _parse_supplier_sku(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        supplier_sku = _parse_supplier_sku(d.pop("supplierSku", UNSET))


        def _parse_lead_time_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        lead_time_days = _parse_lead_time_days(d.pop("leadTimeDays", UNSET))


        minimum_order_quantity = d.pop("minimumOrderQuantity", UNSET)

        order_multiple = d.pop("orderMultiple", UNSET)

        def _parse_unit_cost(data: object) -> None | UnitPrice | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                unit_cost_type_0 = UnitPrice.from_dict(data)



                return unit_cost_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UnitPrice | Unset, data)

        unit_cost = _parse_unit_cost(d.pop("unitCost", UNSET))


        preferred = d.pop("preferred", UNSET)

        update_supplier_offer = cls(
            supplier_sku=supplier_sku,
            lead_time_days=lead_time_days,
            minimum_order_quantity=minimum_order_quantity,
            order_multiple=order_multiple,
            unit_cost=unit_cost,
            preferred=preferred,
        )

        return update_supplier_offer

