from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.product_status import ProductStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.measures import Measures
  from ..models.unit_price import UnitPrice





T = TypeVar("T", bound="RegisterProduct")



@_attrs_define
class RegisterProduct:
    """ A product to add to the catalogue.

        Attributes:
            sku (str): What the chain calls it: unique, and never changes. Not a UUID. Example: PROD123456.
            name (str): Its name for people. Example: Wireless headphones.
            product_id (UUID | Unset): Its id, if the caller chooses it; a new one otherwise. Example:
                22222222-2222-2222-2222-222222220001.
            category (str | Unset): What sort of goods it is. Example: Audio.
            brand (str | Unset): Who makes it. Example: Sonora.
            gtin (str | Unset): Its barcode, 8, 12, 13 or 14 digits. Example: 4006381333931.
            unit_price (UnitPrice | Unset): Money in whole minor units.
            unit_cost (UnitPrice | Unset): Money in whole minor units.
            description (str | Unset): What is to be said about it. Example: Over the ear, 30 hours on one charge.
            measures (Measures | Unset): How large and how heavy one unit is, as far as it is known; each from 1 to
                100,000,000.
            status (ProductStatus | Unset): Whether a product is still sold.
     """

    sku: str
    name: str
    product_id: UUID | Unset = UNSET
    category: str | Unset = UNSET
    brand: str | Unset = UNSET
    gtin: str | Unset = UNSET
    unit_price: UnitPrice | Unset = UNSET
    unit_cost: UnitPrice | Unset = UNSET
    description: str | Unset = UNSET
    measures: Measures | Unset = UNSET
    status: ProductStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.measures import Measures # noqa: PLC0415
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        sku = self.sku

        name = self.name

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        category = self.category

        brand = self.brand

        gtin = self.gtin

        unit_price: dict[str, Any] | Unset = UNSET
        if not isinstance(self.unit_price, Unset):
            unit_price = self.unit_price.to_dict()

        unit_cost: dict[str, Any] | Unset = UNSET
        if not isinstance(self.unit_cost, Unset):
            unit_cost = self.unit_cost.to_dict()

        description = self.description

        measures: dict[str, Any] | Unset = UNSET
        if not isinstance(self.measures, Unset):
            measures = self.measures.to_dict()

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "sku": sku,
            "name": name,
        })
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if category is not UNSET:
            field_dict["category"] = category
        if brand is not UNSET:
            field_dict["brand"] = brand
        if gtin is not UNSET:
            field_dict["gtin"] = gtin
        if unit_price is not UNSET:
            field_dict["unitPrice"] = unit_price
        if unit_cost is not UNSET:
            field_dict["unitCost"] = unit_cost
        if description is not UNSET:
            field_dict["description"] = description
        if measures is not UNSET:
            field_dict["measures"] = measures
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.measures import Measures # noqa: PLC0415
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        d = dict(src_dict)
        sku = d.pop("sku")

        name = d.pop("name")

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        category = d.pop("category", UNSET)

        brand = d.pop("brand", UNSET)

        gtin = d.pop("gtin", UNSET)

        _unit_price = d.pop("unitPrice", UNSET)
        unit_price: UnitPrice | Unset
        if isinstance(_unit_price,  Unset):
            unit_price = UNSET
        else:
            unit_price = UnitPrice.from_dict(_unit_price)




        _unit_cost = d.pop("unitCost", UNSET)
        unit_cost: UnitPrice | Unset
        if isinstance(_unit_cost,  Unset):
            unit_cost = UNSET
        else:
            unit_cost = UnitPrice.from_dict(_unit_cost)




        description = d.pop("description", UNSET)

        _measures = d.pop("measures", UNSET)
        measures: Measures | Unset
        if isinstance(_measures,  Unset):
            measures = UNSET
        else:
            measures = Measures.from_dict(_measures)




        _status = d.pop("status", UNSET)
        status: ProductStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = ProductStatus(_status)




        register_product = cls(
            sku=sku,
            name=name,
            product_id=product_id,
            category=category,
            brand=brand,
            gtin=gtin,
            unit_price=unit_price,
            unit_cost=unit_cost,
            description=description,
            measures=measures,
            status=status,
        )

        return register_product

