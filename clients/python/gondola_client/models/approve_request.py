from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shortage import Shortage
from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.product_name import ProductName





T = TypeVar("T", bound="ApproveRequest")



@_attrs_define
class ApproveRequest:
    """ Some lines, or all, and what is to become of reserved units that are gone.

        Example:
            {'reason': 'Checked with the store'}

        Attributes:
            products (list[ProductName] | Unset): The lines; when absent all that are to be reviewed.
            reason (str | Unset): Why, in people's words: the reason of the counts that are posted; else that of the
                stocktake. Example: Checked with the store.
            on_shortage (Shortage | Unset): What to do when a correction leaves fewer units on hand than are reserved.
     """

    products: list[ProductName] | Unset = UNSET
    reason: str | Unset = UNSET
    on_shortage: Shortage | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.product_name import ProductName # noqa: PLC0415
        products: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.products, Unset):
            products = []
            for products_item_data in self.products:
                products_item = products_item_data.to_dict()
                products.append(products_item)



        reason = self.reason

        on_shortage: str | Unset = UNSET
        if not isinstance(self.on_shortage, Unset):
            on_shortage = self.on_shortage.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if products is not UNSET:
            field_dict["products"] = products
        if reason is not UNSET:
            field_dict["reason"] = reason
        if on_shortage is not UNSET:
            field_dict["onShortage"] = on_shortage

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.product_name import ProductName # noqa: PLC0415
        d = dict(src_dict)
        _products = d.pop("products", UNSET)
        products: list[ProductName] | Unset = UNSET
        if _products is not UNSET:
            products = []
            for products_item_data in _products:
                products_item = ProductName.from_dict(products_item_data)



                products.append(products_item)


        reason = d.pop("reason", UNSET)

        _on_shortage = d.pop("onShortage", UNSET)
        on_shortage: Shortage | Unset
        if isinstance(_on_shortage,  Unset):
            on_shortage = UNSET
        else:
            on_shortage = Shortage(_on_shortage)




        approve_request = cls(
            products=products,
            reason=reason,
            on_shortage=on_shortage,
        )

        return approve_request

