from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.supplier_offer_status import SupplierOfferStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.unit_price import UnitPrice





T = TypeVar("T", bound="SupplierOffer")



@_attrs_define
class SupplierOffer:
    """ On what terms a supplier delivers a product.

        Attributes:
            product_id (UUID): The product. Example: 22222222-2222-2222-2222-222222220001.
            supplier_id (UUID): The supplier.
            supplier_code (str): What the chain calls the supplier. Example: ACME.
            minimum_order_quantity (int): The least units that are delivered at once. Example: 24.
            order_multiple (int): Orders are whole multiples of so many units. Example: 12.
            preferred (bool): Whether the product is ordered from this supplier first.
            status (SupplierOfferStatus): Whether an offer holds.
            version (int): How many changes it has had; also its `ETag`. Example: 1.
            supplier_sku (str | Unset): What the supplier calls the product. Example: HP-4711.
            lead_time_days (int | Unset): Days from an order to its delivery; those of the supplier when absent. Example: 7.
            unit_cost (UnitPrice | Unset): Money in whole minor units.
            position (int | Unset): After a change: its position in the catalogue's log, for `minPosition` of lists.
                Example: 42.
     """

    product_id: UUID
    supplier_id: UUID
    supplier_code: str
    minimum_order_quantity: int
    order_multiple: int
    preferred: bool
    status: SupplierOfferStatus
    version: int
    supplier_sku: str | Unset = UNSET
    lead_time_days: int | Unset = UNSET
    unit_cost: UnitPrice | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        product_id = str(self.product_id)

        supplier_id = str(self.supplier_id)

        supplier_code = self.supplier_code

        minimum_order_quantity = self.minimum_order_quantity

        order_multiple = self.order_multiple

        preferred = self.preferred

        status = self.status.value

        version = self.version

        supplier_sku = self.supplier_sku

        lead_time_days = self.lead_time_days

        unit_cost: dict[str, Any] | Unset = UNSET
        if not isinstance(self.unit_cost, Unset):
            unit_cost = self.unit_cost.to_dict()

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "supplierId": supplier_id,
            "supplierCode": supplier_code,
            "minimumOrderQuantity": minimum_order_quantity,
            "orderMultiple": order_multiple,
            "preferred": preferred,
            "status": status,
            "version": version,
        })
        if supplier_sku is not UNSET:
            field_dict["supplierSku"] = supplier_sku
        if lead_time_days is not UNSET:
            field_dict["leadTimeDays"] = lead_time_days
        if unit_cost is not UNSET:
            field_dict["unitCost"] = unit_cost
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        supplier_id = UUID(d.pop("supplierId"))




        supplier_code = d.pop("supplierCode")

        minimum_order_quantity = d.pop("minimumOrderQuantity")

        order_multiple = d.pop("orderMultiple")

        preferred = d.pop("preferred")

        status = SupplierOfferStatus(d.pop("status"))




        version = d.pop("version")

        supplier_sku = d.pop("supplierSku", UNSET)

        lead_time_days = d.pop("leadTimeDays", UNSET)

        _unit_cost = d.pop("unitCost", UNSET)
        unit_cost: UnitPrice | Unset
        if isinstance(_unit_cost,  Unset):
            unit_cost = UNSET
        else:
            unit_cost = UnitPrice.from_dict(_unit_cost)




        position = d.pop("position", UNSET)

        supplier_offer = cls(
            product_id=product_id,
            supplier_id=supplier_id,
            supplier_code=supplier_code,
            minimum_order_quantity=minimum_order_quantity,
            order_multiple=order_multiple,
            preferred=preferred,
            status=status,
            version=version,
            supplier_sku=supplier_sku,
            lead_time_days=lead_time_days,
            unit_cost=unit_cost,
            position=position,
        )


        supplier_offer.additional_properties = d
        return supplier_offer

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
