from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.product_status import ProductStatus
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.measures import Measures
  from ..models.unit_price import UnitPrice





T = TypeVar("T", bound="UpdateProduct")



@_attrs_define
class UpdateProduct:
    """ What to change of a product (JSON merge patch): what is absent stays, null removes. The SKU never changes.

        Attributes:
            name (str | Unset): Its name for people. Example: Wireless headphones, black.
            category (None | str | Unset): What sort of goods it is.
            brand (None | str | Unset): Who makes it.
            gtin (None | str | Unset): Its barcode.
            unit_price (None | UnitPrice | Unset):
            unit_cost (None | UnitPrice | Unset):
            description (None | str | Unset): What is to be said about it.
            measures (Measures | Unset): How large and how heavy one unit is, as far as it is known; each from 1 to
                100,000,000.
            status (ProductStatus | Unset): Whether a product is still sold.
     """

    name: str | Unset = UNSET
    category: None | str | Unset = UNSET
    brand: None | str | Unset = UNSET
    gtin: None | str | Unset = UNSET
    unit_price: None | UnitPrice | Unset = UNSET
    unit_cost: None | UnitPrice | Unset = UNSET
    description: None | str | Unset = UNSET
    measures: Measures | Unset = UNSET
    status: ProductStatus | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.measures import Measures # noqa: PLC0415
        from ..models.unit_price import UnitPrice # noqa: PLC0415
        name = self.name

        category: None | str | Unset
        if isinstance(self.category, Unset):
            category = UNSET
        else:
            category = self.category

        brand: None | str | Unset
        if isinstance(self.brand, Unset):
            brand = UNSET
        else:
            brand = self.brand

        gtin: None | str | Unset
        if isinstance(self.gtin, Unset):
            gtin = UNSET
        else:
            gtin = self.gtin

        unit_price: dict[str, Any] | None | Unset
        if isinstance(self.unit_price, Unset):
            unit_price = UNSET
        elif isinstance(self.unit_price, UnitPrice):
            unit_price = self.unit_price.to_dict()
        else:
            unit_price = self.unit_price

        unit_cost: dict[str, Any] | None | Unset
        if isinstance(self.unit_cost, Unset):
            unit_cost = UNSET
        elif isinstance(self.unit_cost, UnitPrice):
            unit_cost = self.unit_cost.to_dict()
        else:
            unit_cost = self.unit_cost

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        measures: dict[str, Any] | Unset = UNSET
        if not isinstance(self.measures, Unset):
            measures = self.measures.to_dict()

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if name is not UNSET:
            field_dict["name"] = name
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
        name = d.pop("name", UNSET)

        def _parse_category(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        category = _parse_category(d.pop("category", UNSET))


        def _parse_brand(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        brand = _parse_brand(d.pop("brand", UNSET))


        def _parse_gtin(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        gtin = _parse_gtin(d.pop("gtin", UNSET))


        def _parse_unit_price(data: object) -> None | UnitPrice | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                unit_price_type_0 = UnitPrice.from_dict(data)



                return unit_price_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UnitPrice | Unset, data)

        unit_price = _parse_unit_price(d.pop("unitPrice", UNSET))


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


        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))


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




        update_product = cls(
            name=name,
            category=category,
            brand=brand,
            gtin=gtin,
            unit_price=unit_price,
            unit_cost=unit_cost,
            description=description,
            measures=measures,
            status=status,
        )

        return update_product

