from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.webhook_history_item_data import WebhookHistoryItemData





T = TypeVar("T", bound="WebhookHistoryItem")



@_attrs_define
class WebhookHistoryItem:
    """ Something that happened to a webhook.

        Attributes:
            version (int): The version of the webhook after it.
            event_type (str): What happened. Example: WebhookDisabledEvent.
            data (WebhookHistoryItemData): What changed; never a secret.
            recorded_at (datetime.datetime): When.
            actor (str): By whom.
     """

    version: int
    event_type: str
    data: WebhookHistoryItemData
    recorded_at: datetime.datetime
    actor: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.webhook_history_item_data import WebhookHistoryItemData # noqa: PLC0415
        version = self.version

        event_type = self.event_type

        data = self.data.to_dict()

        recorded_at = self.recorded_at.isoformat()

        actor = self.actor


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "version": version,
            "eventType": event_type,
            "data": data,
            "recordedAt": recorded_at,
            "actor": actor,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_history_item_data import WebhookHistoryItemData # noqa: PLC0415
        d = dict(src_dict)
        version = d.pop("version")

        event_type = d.pop("eventType")

        data = WebhookHistoryItemData.from_dict(d.pop("data"))




        recorded_at = datetime.datetime.fromisoformat(d.pop("recordedAt"))




        actor = d.pop("actor")

        webhook_history_item = cls(
            version=version,
            event_type=event_type,
            data=data,
            recorded_at=recorded_at,
            actor=actor,
        )


        webhook_history_item.additional_properties = d
        return webhook_history_item

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
