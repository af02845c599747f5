from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.drift_field import DriftField





T = TypeVar("T", bound="Drift")



@_attrs_define
class Drift:
    """ A copy of a stock level that is wrong.

        Attributes:
            store_id (UUID): The store.
            product_id (UUID): The product.
            copy (str): Which copy: `view` or `cache`.
            fields (list[DriftField]): The fields that differ.
     """

    store_id: UUID
    product_id: UUID
    copy: str
    fields: list[DriftField]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.drift_field import DriftField # noqa: PLC0415
        store_id = str(self.store_id)

        product_id = str(self.product_id)

        copy = self.copy

        fields = []
        for fields_item_data in self.fields:
            fields_item = fields_item_data.to_dict()
            fields.append(fields_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "productId": product_id,
            "copy": copy,
            "fields": fields,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.drift_field import DriftField # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        product_id = UUID(d.pop("productId"))




        copy = d.pop("copy")

        fields = []
        _fields = d.pop("fields")
        for fields_item_data in (_fields):
            fields_item = DriftField.from_dict(fields_item_data)



            fields.append(fields_item)


        drift = cls(
            store_id=store_id,
            product_id=product_id,
            copy=copy,
            fields=fields,
        )


        drift.additional_properties = d
        return drift

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
