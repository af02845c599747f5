from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.reservation_status import ReservationStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ReservationDetailsLine")



@_attrs_define
class ReservationDetailsLine:
    """ One product of a reservation as it stands.

        Attributes:
            product_id (UUID): The product.
            quantity (int): Units reserved at first.
            committed (int): Units sold.
            held (int): Units still held.
            status (ReservationStatus): How a reservation stands.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            product_name (str | Unset): Its name, in lists.
            ended_at (datetime.datetime | Unset): When it ended.
     """

    product_id: UUID
    quantity: int
    committed: int
    held: int
    status: ReservationStatus
    product_sku: str | Unset = UNSET
    product_name: str | Unset = UNSET
    ended_at: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        product_id = str(self.product_id)

        quantity = self.quantity

        committed = self.committed

        held = self.held

        status = self.status.value

        product_sku = self.product_sku

        product_name = self.product_name

        ended_at: str | Unset = UNSET
        if not isinstance(self.ended_at, Unset):
            ended_at = self.ended_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "productId": product_id,
            "quantity": quantity,
            "committed": committed,
            "held": held,
            "status": status,
        })
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if product_name is not UNSET:
            field_dict["productName"] = product_name
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        product_id = UUID(d.pop("productId"))




        quantity = d.pop("quantity")

        committed = d.pop("committed")

        held = d.pop("held")

        status = ReservationStatus(d.pop("status"))




        product_sku = d.pop("productSku", UNSET)

        product_name = d.pop("productName", UNSET)

        _ended_at = d.pop("endedAt", UNSET)
        ended_at: datetime.datetime | Unset
        if isinstance(_ended_at,  Unset):
            ended_at = UNSET
        else:
            ended_at = datetime.datetime.fromisoformat(_ended_at)




        reservation_details_line = cls(
            product_id=product_id,
            quantity=quantity,
            committed=committed,
            held=held,
            status=status,
            product_sku=product_sku,
            product_name=product_name,
            ended_at=ended_at,
        )


        reservation_details_line.additional_properties = d
        return reservation_details_line

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
