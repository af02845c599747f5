from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="NotificationAttempt")



@_attrs_define
class NotificationAttempt:
    """ An attempt to send a notification.

        Attributes:
            number (int): Its number, from 1.
            made_at (datetime.datetime): When it was begun.
            latency_ms (int): How long it took, in milliseconds.
            reason (str | Unset): Why it failed.
            answer (str | Unset): What the channel answered when it took it, such as the mail server's id of it.
     """

    number: int
    made_at: datetime.datetime
    latency_ms: int
    reason: str | Unset = UNSET
    answer: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        number = self.number

        made_at = self.made_at.isoformat()

        latency_ms = self.latency_ms

        reason = self.reason

        answer = self.answer


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "madeAt": made_at,
            "latencyMs": latency_ms,
        })
        if reason is not UNSET:
            field_dict["reason"] = reason
        if answer is not UNSET:
            field_dict["answer"] = answer

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        made_at = datetime.datetime.fromisoformat(d.pop("madeAt"))




        latency_ms = d.pop("latencyMs")

        reason = d.pop("reason", UNSET)

        answer = d.pop("answer", UNSET)

        notification_attempt = cls(
            number=number,
            made_at=made_at,
            latency_ms=latency_ms,
            reason=reason,
            answer=answer,
        )


        notification_attempt.additional_properties = d
        return notification_attempt

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
