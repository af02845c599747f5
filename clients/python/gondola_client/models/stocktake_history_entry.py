from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime






T = TypeVar("T", bound="StocktakeHistoryEntry")



@_attrs_define
class StocktakeHistoryEntry:
    """ Something that happened to a stocktake.

        Attributes:
            event_type (str): The event.
            recorded_at (datetime.datetime): When it was recorded.
            actor (str): Who did it.
            position (int): Its position in the log.
            detail (str | Unset): More about it, in people's words.
     """

    event_type: str
    recorded_at: datetime.datetime
    actor: str
    position: int
    detail: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        event_type = self.event_type

        recorded_at = self.recorded_at.isoformat()

        actor = self.actor

        position = self.position

        detail = self.detail


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "eventType": event_type,
            "recordedAt": recorded_at,
            "actor": actor,
            "position": position,
        })
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_type = d.pop("eventType")

        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))




        actor = d.pop("actor")

        position = d.pop("position")

        detail = d.pop("detail", UNSET)

        stocktake_history_entry = cls(
            event_type=event_type,
            recorded_at=recorded_at,
            actor=actor,
            position=position,
            detail=detail,
        )


        stocktake_history_entry.additional_properties = d
        return stocktake_history_entry

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
