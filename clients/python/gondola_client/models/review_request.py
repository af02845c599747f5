from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.product_name import ProductName





T = TypeVar("T", bound="ReviewRequest")



@_attrs_define
class ReviewRequest:
    """ Some lines, or all.

        Example:
            {'products': [{'productSku': 'PROD123456'}], 'reason': 'Miscounted'}

        Attributes:
            products (list[ProductName] | Unset): The lines; when absent all that are to be reviewed.
            reason (str | Unset): Why, in people's words. Example: Miscounted.
     """

    products: list[ProductName] | Unset = UNSET
    reason: str | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.product_name import ProductName # noqa: PLC0415
        products: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.products, Unset):
            products = []
            for products_item_data in self.products:
                products_item = products_item_data.to_dict()
                products.append(products_item)



        reason = self.reason


        field_dict: dict[str, Any] = {}

        field_dict.update({
        })
        if products is not UNSET:
            field_dict["products"] = products
        if reason is not UNSET:
            field_dict["reason"] = reason

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

        review_request = cls(
            products=products,
            reason=reason,
        )

        return review_request

