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

if TYPE_CHECKING:
  from ..models.reservation_line import ReservationLine





T = TypeVar("T", bound="Reservation")



@_attrs_define
class Reservation:
    """ A reservation of stock in one store.

        Attributes:
            reservation_id (UUID): The reservation.
            status (ReservationStatus): How a reservation stands.
            store_id (UUID): The store.
            position (int): Position of the change; a consistency token for `minPosition`.
            store_code (str | Unset): Its code, if the catalogue has it.
            product_id (UUID | Unset): The product, when the reservation has one line.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            quantity (int | Unset): Units of that line that the command reserved, sold or released.
            available (int | Unset): Units of that product still available.
            version (int | Unset): Version of that stock level.
            expires_at (datetime.datetime | Unset): The deadline while it is active. It still is after a command that left
                units held.
            lines (list[ReservationLine] | Unset): The lines of a basket.
     """

    reservation_id: UUID
    status: ReservationStatus
    store_id: UUID
    position: int
    store_code: str | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    quantity: int | Unset = UNSET
    available: int | Unset = UNSET
    version: int | Unset = UNSET
    expires_at: datetime.datetime | Unset = UNSET
    lines: list[ReservationLine] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.reservation_line import ReservationLine # noqa: PLC0415
        reservation_id = str(self.reservation_id)

        status = self.status.value

        store_id = str(self.store_id)

        position = self.position

        store_code = self.store_code

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        quantity = self.quantity

        available = self.available

        version = self.version

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        lines: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.lines, Unset):
            lines = []
            for lines_item_data in self.lines:
                lines_item = lines_item_data.to_dict()
                lines.append(lines_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reservationId": reservation_id,
            "status": status,
            "storeId": store_id,
            "position": position,
        })
        if store_code is not UNSET:
            field_dict["storeCode"] = store_code
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if quantity is not UNSET:
            field_dict["quantity"] = quantity
        if available is not UNSET:
            field_dict["available"] = available
        if version is not UNSET:
            field_dict["version"] = version
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at
        if lines is not UNSET:
            field_dict["lines"] = lines

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reservation_line import ReservationLine # noqa: PLC0415
        d = dict(src_dict)
        reservation_id = UUID(d.pop("reservationId"))




        status = ReservationStatus(d.pop("status"))




        store_id = UUID(d.pop("storeId"))




        position = d.pop("position")

        store_code = d.pop("storeCode", UNSET)

        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        quantity = d.pop("quantity", UNSET)

        available = d.pop("available", UNSET)

        version = d.pop("version", UNSET)

        _expires_at = d.pop("expiresAt", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at,  Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)




        _lines = d.pop("lines", UNSET)
        lines: list[ReservationLine] | Unset = UNSET
        if _lines is not UNSET:
            lines = []
            for lines_item_data in _lines:
                lines_item = ReservationLine.from_dict(lines_item_data)



                lines.append(lines_item)


        reservation = cls(
            reservation_id=reservation_id,
            status=status,
            store_id=store_id,
            position=position,
            store_code=store_code,
            product_id=product_id,
            product_sku=product_sku,
            quantity=quantity,
            available=available,
            version=version,
            expires_at=expires_at,
            lines=lines,
        )


        reservation.additional_properties = d
        return reservation

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
