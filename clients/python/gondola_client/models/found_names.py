from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.found_offer import FoundOffer
  from ..models.product import Product
  from ..models.store import Store





T = TypeVar("T", bound="FoundNames")



@_attrs_define
class FoundNames:
    """ Those that are registered; the others are left out.

        Attributes:
            log (UUID): Which log of the catalogue they are from; versions of one say nothing about another. A greater one
                is later.
            stores (list[Store]): The stores.
            products (list[Product]): The products.
            offers (list[FoundOffer]): The offers that hold, of suppliers from which the chain orders.
     """

    log: UUID
    stores: list[Store]
    products: list[Product]
    offers: list[FoundOffer]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.found_offer import FoundOffer # noqa: PLC0415
        from ..models.product import Product # noqa: PLC0415
        from ..models.store import Store # noqa: PLC0415
        log = str(self.log)

        stores = []
        for stores_item_data in self.stores:
            stores_item = stores_item_data.to_dict()
            stores.append(stores_item)



        products = []
        for products_item_data in self.products:
            products_item = products_item_data.to_dict()
            products.append(products_item)



        offers = []
        for offers_item_data in self.offers:
            offers_item = offers_item_data.to_dict()
            offers.append(offers_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "log": log,
            "stores": stores,
            "products": products,
            "offers": offers,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.found_offer import FoundOffer # noqa: PLC0415
        from ..models.product import Product # noqa: PLC0415
        from ..models.store import Store # noqa: PLC0415
        d = dict(src_dict)
        log = UUID(d.pop("log"))




        stores = []
        _stores = d.pop("stores")
        for stores_item_data in (_stores):
            stores_item = Store.from_dict(stores_item_data)



            stores.append(stores_item)


        products = []
        _products = d.pop("products")
        for products_item_data in (_products):
            products_item = Product.from_dict(products_item_data)



            products.append(products_item)


        offers = []
        _offers = d.pop("offers")
        for offers_item_data in (_offers):
            offers_item = FoundOffer.from_dict(offers_item_data)



            offers.append(offers_item)


        found_names = cls(
            log=log,
            stores=stores,
            products=products,
            offers=offers,
        )


        found_names.additional_properties = d
        return found_names

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
