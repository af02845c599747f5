from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.saga_event_data import SagaEventData





T = TypeVar("T", bound="SagaEvent")



@_attrs_define
class SagaEvent:
    """ Something that happened to a saga.

        Attributes:
            version (int): The saga's version after it.
            type_ (str): What happened.
            recorded_at (datetime.datetime): When it was recorded.
            actor (str): Who wanted it.
            data (SagaEventData): Its facts.
     """

    version: int
    type_: str
    recorded_at: datetime.datetime
    actor: str
    data: SagaEventData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.saga_event_data import SagaEventData # noqa: PLC0415
        version = self.version

        type_ = self.type_

        recorded_at = self.recorded_at.isoformat()

        actor = self.actor

        data = self.data.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "version": version,
            "type": type_,
            "recordedAt": recorded_at,
            "actor": actor,
            "data": data,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.saga_event_data import SagaEventData # noqa: PLC0415
        d = dict(src_dict)
        version = d.pop("version")

        type_ = d.pop("type")

        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))




        actor = d.pop("actor")

        data = SagaEventData.from_dict(d.pop("data"))




        saga_event = cls(
            version=version,
            type_=type_,
            recorded_at=recorded_at,
            actor=actor,
            data=data,
        )


        saga_event.additional_properties = d
        return saga_event

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
