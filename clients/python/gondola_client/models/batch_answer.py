from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.problem import Problem





T = TypeVar("T", bound="BatchAnswer")



@_attrs_define
class BatchAnswer:
    """ The answer to one line, in the order of the lines.

        Attributes:
            line (int): Number of the line, from 1.
            status (int): Status, as the line's own route would have it.
            code (str | Unset): Stable name of the problem, when it failed.
            problem (Problem | Unset): Why a request was refused or failed (RFC 9457). Further fields depend on the code.
            reservation_id (UUID | Unset): The reservation that it concerns.
            expires_at (datetime.datetime | Unset): Its deadline.
            product_id (UUID | Unset): The product.
            product_sku (str | Unset): Its SKU, if the catalogue has it.
            available (int | Unset): Units available after it.
            version (int | Unset): Version of the stock level after it.
            position (int | Unset): Position of the change.
            replayed (bool | Unset): Whether it repeats the answer to an earlier sending.
     """

    line: int
    status: int
    code: str | Unset = UNSET
    problem: Problem | Unset = UNSET
    reservation_id: UUID | Unset = UNSET
    expires_at: datetime.datetime | Unset = UNSET
    product_id: UUID | Unset = UNSET
    product_sku: str | Unset = UNSET
    available: int | Unset = UNSET
    version: int | Unset = UNSET
    position: int | Unset = UNSET
    replayed: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.problem import Problem # noqa: PLC0415
        line = self.line

        status = self.status

        code = self.code

        problem: dict[str, Any] | Unset = UNSET
        if not isinstance(self.problem, Unset):
            problem = self.problem.to_dict()

        reservation_id: str | Unset = UNSET
        if not isinstance(self.reservation_id, Unset):
            reservation_id = str(self.reservation_id)

        expires_at: str | Unset = UNSET
        if not isinstance(self.expires_at, Unset):
            expires_at = self.expires_at.isoformat()

        product_id: str | Unset = UNSET
        if not isinstance(self.product_id, Unset):
            product_id = str(self.product_id)

        product_sku = self.product_sku

        available = self.available

        version = self.version

        position = self.position

        replayed = self.replayed


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "line": line,
            "status": status,
        })
        if code is not UNSET:
            field_dict["code"] = code
        if problem is not UNSET:
            field_dict["problem"] = problem
        if reservation_id is not UNSET:
            field_dict["reservationId"] = reservation_id
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at
        if product_id is not UNSET:
            field_dict["productId"] = product_id
        if product_sku is not UNSET:
            field_dict["productSku"] = product_sku
        if available is not UNSET:
            field_dict["available"] = available
        if version is not UNSET:
            field_dict["version"] = version
        if position is not UNSET:
            field_dict["position"] = position
        if replayed is not UNSET:
            field_dict["replayed"] = replayed

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.problem import Problem # noqa: PLC0415
        d = dict(src_dict)
        line = d.pop("line")

        status = d.pop("status")

        code = d.pop("code", UNSET)

        _problem = d.pop("problem", UNSET)
        problem: Problem | Unset
        if isinstance(_problem,  Unset):
            problem = UNSET
        else:
            problem = Problem.from_dict(_problem)




        _reservation_id = d.pop("reservationId", UNSET)
        reservation_id: UUID | Unset
        if isinstance(_reservation_id,  Unset):
            reservation_id = UNSET
        else:
            reservation_id = UUID(_reservation_id)




        _expires_at = d.pop("expiresAt", UNSET)
        expires_at: datetime.datetime | Unset
        if isinstance(_expires_at,  Unset):
            expires_at = UNSET
        else:
            expires_at = datetime.datetime.fromisoformat(_expires_at)




        _product_id = d.pop("productId", UNSET)
        product_id: UUID | Unset
        if isinstance(_product_id,  Unset):
            product_id = UNSET
        else:
            product_id = UUID(_product_id)




        product_sku = d.pop("productSku", UNSET)

        available = d.pop("available", UNSET)

        version = d.pop("version", UNSET)

        position = d.pop("position", UNSET)

        replayed = d.pop("replayed", UNSET)

        batch_answer = cls(
            line=line,
            status=status,
            code=code,
            problem=problem,
            reservation_id=reservation_id,
            expires_at=expires_at,
            product_id=product_id,
            product_sku=product_sku,
            available=available,
            version=version,
            position=position,
            replayed=replayed,
        )


        batch_answer.additional_properties = d
        return batch_answer

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
