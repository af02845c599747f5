from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="WebhookSettings")



@_attrs_define
class WebhookSettings:
    """ Where events are to be sent, and which.

        Attributes:
            url (str): An address with `https`, reached from the public internet: no user, password or fragment. Example:
                https://shop.example/hooks/stock.
            event_types (list[str]): The types of events that are sent, as `asyncapi.json` has them. Example:
                ['gondola.inventory.inventory-updated.v1'].
            description (str | Unset): What it is for.
            store_ids (list[UUID] | Unset): Of events about a store only those of these stores are sent; those of all, where
                this is left out.
            enabled (bool | Unset): Whether events are sent. Default: True.
     """

    url: str
    event_types: list[str]
    description: str | Unset = UNSET
    store_ids: list[UUID] | Unset = UNSET
    enabled: bool | Unset = True





    def to_dict(self) -> dict[str, Any]:
        url = self.url

        event_types = self.event_types



        description = self.description

        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)



        enabled = self.enabled


        field_dict: dict[str, Any] = {}

        field_dict.update({
            "url": url,
            "eventTypes": event_types,
        })
        if description is not UNSET:
            field_dict["description"] = description
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids
        if enabled is not UNSET:
            field_dict["enabled"] = enabled

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        event_types = cast(list[str], d.pop("eventTypes"))


        description = d.pop("description", UNSET)

        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        enabled = d.pop("enabled", UNSET)

        webhook_settings = cls(
            url=url,
            event_types=event_types,
            description=description,
            store_ids=store_ids,
            enabled=enabled,
        )

        return webhook_settings

