from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="SubscriptionQuietHours")



@_attrs_define
class SubscriptionQuietHours:
    """ When nothing is sent that is not critical; over midnight where it begins later than it ends.

        Attributes:
            from_ (str): By the clocks of the subscription's time zone. Example: 22:00.
            until (str): The first minute in which messages are sent again. Example: 07:00.
     """

    from_: str
    until: str





    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_

        until = self.until


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "from": from_,
            "until": until,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_ = d.pop("from")

        until = d.pop("until")

        subscription_quiet_hours = cls(
            from_=from_,
            until=until,
        )

        return subscription_quiet_hours

