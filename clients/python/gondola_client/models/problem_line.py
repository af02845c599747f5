from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="ProblemLine")



@_attrs_define
class ProblemLine:
    """ A line of a basket that cannot be done.

        Attributes:
            line (int | Unset): Number of the line, from 0, after lines of one product are added up.
            pointer (str | Unset): The first line of it in the body (RFC 6901), such as `/lines/2`.
            product_id (UUID | Unset): The product.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            code (str | Unset): Stable name of why, as that of a problem.
            detail (str | Unset): Why, in people's words.
            requested (int | Unset): Units that were asked for.
            available (int | Unset): Units that are not reserved.
            offered (int | Unset): Units that may be promised.
            version (int | Unset): Version of the stock level.
     """

    line: int | Unset = UNSET
    pointer: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    code: str | Unset = UNSET
    detail: str | Unset = UNSET
    requested: int | Unset = UNSET
    available: int | Unset = UNSET
    offered: int | Unset = UNSET
    version: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        line = self.line

        pointer = self.pointer

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        code = self.code

        detail = self.detail

        requested = self.requested

        available = self.available

        offered = self.offered

        version = self.version


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if line is not UNSET:
            field_dict["line"] = line
        if pointer is not UNSET:
            field_dict["pointer"] = pointer
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if code is not UNSET:
            field_dict["code"] = code
        if detail is not UNSET:
            field_dict["detail"] = detail
        if requested is not UNSET:
            field_dict["requested"] = requested
        if available is not UNSET:
            field_dict["available"] = available
        if offered is not UNSET:
            field_dict["offered"] = offered
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        line = d.pop("line", UNSET)

        pointer = d.pop("pointer", UNSET)

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        code = d.pop("code", UNSET)

        detail = d.pop("detail", UNSET)

        requested = d.pop("requested", UNSET)

        available = d.pop("available", UNSET)

        offered = d.pop("offered", UNSET)

        version = d.pop("version", UNSET)

        problem_line = cls(
            line=line,
            pointer=pointer,
            product_id=product_id,
            product_sku=product_sku,
            code=code,
            detail=detail,
            requested=requested,
            available=available,
            offered=offered,
            version=version,
        )


        problem_line.additional_properties = d
        return problem_line

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
