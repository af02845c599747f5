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





T = TypeVar("T", bound="Product")



@_attrs_define
class Product:
    """ A product of the catalogue.

        Attributes:
            product_id (UUID): Which product; never changes. Example: 22222222-2222-2222-2222-222222220001.
            sku (str): What the chain calls it; unique, and never changes. Example: PROD123456.
            name (str): Its name for people. Example: Wireless headphones.
            status (ProductStatus): Whether a product is still sold.
            version (int): How many changes it has had; also its `ETag`. Example: 1.
            category (str | Unset): What sort of goods it is. Example: Audio.
            brand (str | Unset): Who makes it. Example: Sonora.
            gtin (str | Unset): Its barcode. Example: 4006381333931.
            unit_price (UnitPrice | Unset): Money in whole minor units.
            unit_cost (UnitPrice | Unset): Money in whole minor units.
            description (str | Unset): What is to be said about it. Example: Over the ear, 30 hours on one charge.
            measures (Measures | Unset): How large and how heavy one unit is, as far as it is known; each from 1 to
                100,000,000.
            position (int | Unset): After a change: its position in the catalogue's log, for `minPosition` of lists.
                Example: 42.
     """

    product_id: UUID
    sku: str
    name: str
    status: ProductStatus
    version: int
    category: str | Unset = UNSET
    brand: str | Unset = UNSET
    gtin: str | Unset = UNSET
    unit_price: UnitPrice | Unset = UNSET
    unit_cost: UnitPrice | Unset = UNSET
    description: str | Unset = UNSET
    measures: Measures | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.measures import Measures # noqa: PLC0415
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        product_id = str(self.product_id)

        sku = self.sku

        name = self.name

        status = self.status.value

        version = self.version

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

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "sku": sku,
            "name": name,
            "status": status,
            "version": version,
        })
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
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.measures import Measures # noqa: PLC0415
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        sku = d.pop("sku")

        name = d.pop("name")

        status = ProductStatus(d.pop("status"))




        version = d.pop("version")

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




        position = d.pop("position", UNSET)

        product = cls(
            product_id=product_id,
            sku=sku,
            name=name,
            status=status,
            version=version,
            category=category,
            brand=brand,
            gtin=gtin,
            unit_price=unit_price,
            unit_cost=unit_cost,
            description=description,
            measures=measures,
            position=position,
        )


        product.additional_properties = d
        return product

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
