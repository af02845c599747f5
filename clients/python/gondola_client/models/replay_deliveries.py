from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.delivery_state import DeliveryState
from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="ReplayDeliveries")



@_attrs_define
class ReplayDeliveries:
    """ Which deliveries are sent once more.

        Attributes:
            since (datetime.datetime): Made at this moment or later.
            until (datetime.datetime | Unset): Made before this moment; now, unless said.
            state (DeliveryState | Unset): How a delivery stands.
     """

    since: datetime.datetime
    until: datetime.datetime | Unset = UNSET
    state: DeliveryState | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        since = self.since.isoformat()

        until: str | Unset = UNSET
        if not isinstance(self.until, Unset):
            until = self.until.isoformat()

        state: str | Unset = UNSET
        if not isinstance(self.state, Unset):
            state = self.state.value



        field_dict: dict[str, Any] = {}

        field_dict.update({
            "since": since,
        })
        if until is not UNSET:
            field_dict["until"] = until
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        since = datetime.datetime.fromisoformat(d.pop("since"))




        _until = d.pop("until", UNSET)
        until: datetime.datetime | Unset
        if isinstance(_until,  Unset):
            until = UNSET
        else:
            until = datetime.datetime.fromisoformat(_until)




        _state = d.pop("state", UNSET)
        state: DeliveryState | Unset
        if isinstance(_state,  Unset):
            state = UNSET
        else:
            state = DeliveryState(_state)




        replay_deliveries = cls(
            since=since,
            until=until,
            state=state,
        )

        return replay_deliveries

