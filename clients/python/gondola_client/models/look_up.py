from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="LookUp")



@_attrs_define
class LookUp:
    """ Which stores, products and offers are wanted, at most 1000 names in all.

        Attributes:
            stores (list[str] | Unset): Ids or codes of stores. Example: ['SP-PAULISTA'].
            products (list[str] | Unset): Ids, SKUs or GTINs of products; one that is the SKU of one product and the GTIN of
                another finds both. Example: ['PROD123456'].
            offers_of (list[str] | Unset): Ids, SKUs or GTINs of products whose offers are wanted. Example: ['PROD123456'].
     """

    stores: list[str] | Unset = UNSET
    products: list[str] | Unset = UNSET
    offers_of: list[str] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        stores: list[str] | Unset = UNSET
        if not isinstance(self.stores, Unset):
            stores = self.stores



        products: list[str] | Unset = UNSET
        if not isinstance(self.products, Unset):
            products = self.products



        offers_of: list[str] | Unset = UNSET
        if not isinstance(self.offers_of, Unset):
            offers_of = self.offers_of




        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if stores is not UNSET:
            field_dict["stores"] = stores
        if products is not UNSET:
            field_dict["products"] = products
        if offers_of is not UNSET:
            field_dict["offersOf"] = offers_of

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        stores = cast(list[str], d.pop("stores", UNSET))


        products = cast(list[str], d.pop("products", UNSET))


        offers_of = cast(list[str], d.pop("offersOf", UNSET))


        look_up = cls(
            stores=stores,
            products=products,
            offers_of=offers_of,
        )

        return look_up

