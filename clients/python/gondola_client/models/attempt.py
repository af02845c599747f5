from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="Attempt")



@_attrs_define
class Attempt:
    """ An attempt to deliver.

        Attributes:
            number (int): Its number, from 1.
            made_at (datetime.datetime): When it was begun.
            latency_ms (int): How long it took, in milliseconds.
            status (int | Unset): The HTTP status that the receiver answered.
            error (str | Unset): Why there is no answer.
            answer (str | Unset): The beginning of the answer's body, at most 512 bytes.
     """

    number: int
    made_at: datetime.datetime
    latency_ms: int
    status: int | Unset = UNSET
    error: str | Unset = UNSET
    answer: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        number = self.number

        made_at = self.made_at.isoformat()

        latency_ms = self.latency_ms

        status = self.status

        error = self.error

        answer = self.answer


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "madeAt": made_at,
            "latencyMs": latency_ms,
        })
        if status is not UNSET:
            field_dict["status"] = status
        if error is not UNSET:
            field_dict["error"] = error
        if answer is not UNSET:
            field_dict["answer"] = answer

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        made_at = datetime.datetime.fromisoformat(d.pop("madeAt"))




        latency_ms = d.pop("latencyMs")

        status = d.pop("status", UNSET)

        error = d.pop("error", UNSET)

        answer = d.pop("answer", UNSET)

        attempt = cls(
            number=number,
            made_at=made_at,
            latency_ms=latency_ms,
            status=status,
            error=error,
            answer=answer,
        )


        attempt.additional_properties = d
        return attempt

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
