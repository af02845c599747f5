from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.webhook_status import WebhookStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Webhook")



@_attrs_define
class Webhook:
    """ A webhook.

        Attributes:
            webhook_id (UUID): Which.
            url (str): Where events are sent.
            event_types (list[str]): The types of events that are sent.
            status (WebhookStatus): Whether events are sent to a webhook.
            version (int): How many changes it has had; also its `ETag`.
            created_at (datetime.datetime): When it was registered.
            updated_at (datetime.datetime): When it was last changed.
            description (str | Unset): What it is for.
            store_ids (list[UUID] | Unset): Of events about a store only those of these stores are sent; those of all, where
                this is absent.
            disabled_reason (str | Unset): Why not: `operator`, `gone` (it answered 410), `failing` (for five days) or
                `backlog` (too much waited for it).
            failing_since (datetime.datetime | Unset): Since when every attempt has failed; absent after a success.
            previous_secret_valid_until (datetime.datetime | Unset): Until when messages are signed with the secret before
                the present one as well.
            secret (str | Unset): What messages are signed with: shown when it is made and never again. Its receiver needs
                it to know them. Example: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.
     """

    webhook_id: UUID
    url: str
    event_types: list[str]
    status: WebhookStatus
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    description: str | Unset = UNSET
    store_ids: list[UUID] | Unset = UNSET
    disabled_reason: str | Unset = UNSET
    failing_since: datetime.datetime | Unset = UNSET
    previous_secret_valid_until: datetime.datetime | Unset = UNSET
    secret: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        webhook_id = str(self.webhook_id)

        url = self.url

        event_types = self.event_types



        status = self.status.value

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        description = self.description

        store_ids: list[str] | Unset = UNSET
        if not isinstance(self.store_ids, Unset):
            store_ids = []
            for store_ids_item_data in self.store_ids:
                store_ids_item = str(store_ids_item_data)
                store_ids.append(store_ids_item)



        disabled_reason = self.disabled_reason

        failing_since: str | Unset = UNSET
        if not isinstance(self.failing_since, Unset):
            failing_since = self.failing_since.isoformat()

        previous_secret_valid_until: str | Unset = UNSET
        if not isinstance(self.previous_secret_valid_until, Unset):
            previous_secret_valid_until = self.previous_secret_valid_until.isoformat()

        secret = self.secret


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "webhookId": webhook_id,
            "url": url,
            "eventTypes": event_types,
            "status": status,
            "version": version,
            "createdAt": created_at,
            "updatedAt": updated_at,
        })
        if description is not UNSET:
            field_dict["description"] = description
        if store_ids is not UNSET:
            field_dict["storeIds"] = store_ids
        if disabled_reason is not UNSET:
            field_dict["disabledReason"] = disabled_reason
        if failing_since is not UNSET:
            field_dict["failingSince"] = failing_since
        if previous_secret_valid_until is not UNSET:
            field_dict["previousSecretValidUntil"] = previous_secret_valid_until
        if secret is not UNSET:
            field_dict["secret"] = secret

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        webhook_id = UUID(d.pop("webhookId"))




        url = d.pop("url")

        event_types = cast(list[str], d.pop("eventTypes"))


        status = WebhookStatus(d.pop("status"))




        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))




        description = d.pop("description", UNSET)

        _store_ids = d.pop("storeIds", UNSET)
        store_ids: list[UUID] | Unset = UNSET
        if _store_ids is not UNSET:
            store_ids = []
            for store_ids_item_data in _store_ids:
                store_ids_item = UUID(store_ids_item_data)



                store_ids.append(store_ids_item)


        disabled_reason = d.pop("disabledReason", UNSET)

        _failing_since = d.pop("failingSince", UNSET)
        failing_since: datetime.datetime | Unset
        if isinstance(_failing_since,  Unset):
            failing_since = UNSET
        else:
            failing_since = datetime.datetime.fromisoformat(_failing_since)




        _previous_secret_valid_until = d.pop("previousSecretValidUntil", UNSET)
        previous_secret_valid_until: datetime.datetime | Unset
        if isinstance(_previous_secret_valid_until,  Unset):
            previous_secret_valid_until = UNSET
        else:
            previous_secret_valid_until = datetime.datetime.fromisoformat(_previous_secret_valid_until)




        secret = d.pop("secret", UNSET)

        webhook = cls(
            webhook_id=webhook_id,
            url=url,
            event_types=event_types,
            status=status,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            description=description,
            store_ids=store_ids,
            disabled_reason=disabled_reason,
            failing_since=failing_since,
            previous_secret_valid_until=previous_secret_valid_until,
            secret=secret,
        )


        webhook.additional_properties = d
        return webhook

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
