from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.store_kind import StoreKind
from ..models.store_status import StoreStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.contact import Contact
  from ..models.location import Location
  from ..models.opening_hours import OpeningHours





T = TypeVar("T", bound="RegisterStore")



@_attrs_define
class RegisterStore:
    """ A store to add to the chain.

        Attributes:
            code (str): What the chain calls it: unique, and never changes. Not a UUID. Example: SP-PAULISTA.
            name (str): Its name for people. Example: Avenida Paulista.
            region (str): State, province or sales region. Example: SP.
            store_id (UUID | Unset): Its id, if the caller chooses it; a new one otherwise. Example:
                11111111-1111-1111-1111-111111111111.
            city (str | Unset): City or town. Example: São Paulo.
            address (str | Unset): Street and number. Example: Avenida Paulista, 1578.
            postal_code (str | Unset): Postal code. Example: 01310-200.
            location (Location | Unset): A place on Earth (WGS 84).
            kind (StoreKind | Unset): What sort of place a store is.
            status (StoreStatus | Unset): Whether a store trades.
            status_reason (str | Unset): Why it has its status.
            longest_hold_seconds (int | Unset): The longest time that a reservation may hold its stock, in seconds, up to 90
                days; 24 hours when absent. Example: 86400.
            time_zone (str | Unset): The zone of its clocks: a name of the IANA database. Example: America/Sao_Paulo.
            opening_hours (OpeningHours | Unset): When a store is open, by its own clocks: for each weekday (`monday` to
                `sunday`) and each day that is an exception
                (`2026-12-25`) the spans in which it is open, such as `08:00-12:30`, in order. A weekday that is not named and a
                day without
                spans are closed. No span goes beyond 24:00. Example: {'2026-12-25': [], 'monday': ['08:00-12:00',
                '14:00-18:30']}.
            contacts (list[Contact] | Unset): Whom to call or write to, the first one first.
     """

    code: str
    name: str
    region: str
    store_id: UUID | Unset = UNSET
    city: str | Unset = UNSET
    address: str | Unset = UNSET
    postal_code: str | Unset = UNSET
    location: Location | Unset = UNSET
    kind: StoreKind | Unset = UNSET
    status: StoreStatus | Unset = UNSET
    status_reason: str | Unset = UNSET
    longest_hold_seconds: int | Unset = UNSET
    time_zone: str | Unset = UNSET
    opening_hours: OpeningHours | Unset = UNSET
    contacts: list[Contact] | Unset = UNSET





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        code = self.code

        name = self.name

        region = self.region

        store_id: str | Unset = UNSET
        if not isinstance(self.store_id, Unset):
            store_id = str(self.store_id)

        city = self.city

        address = self.address

        postal_code = self.postal_code

        location: dict[str, Any] | Unset = UNSET
        if not isinstance(self.location, Unset):
            location = self.location.to_dict()

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind.value


        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value


        status_reason = self.status_reason

        longest_hold_seconds = self.longest_hold_seconds

        time_zone = self.time_zone

        opening_hours: dict[str, Any] | Unset = UNSET
        if not isinstance(self.opening_hours, Unset):
            opening_hours = self.opening_hours.to_dict()

        contacts: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.contacts, Unset):
            contacts = []
            for contacts_item_data in self.contacts:
                contacts_item = contacts_item_data.to_dict()
                contacts.append(contacts_item)




        field_dict: dict[str, Any] = {}

        field_dict.update({
            "code": code,
            "name": name,
            "region": region,
        })
        if store_id is not UNSET:
            field_dict["storeId"] = store_id
        if city is not UNSET:
            field_dict["city"] = city
        if address is not UNSET:
            field_dict["address"] = address
        if postal_code is not UNSET:
            field_dict["postalCode"] = postal_code
        if location is not UNSET:
            field_dict["location"] = location
        if kind is not UNSET:
            field_dict["kind"] = kind
        if status is not UNSET:
            field_dict["status"] = status
        if status_reason is not UNSET:
            field_dict["statusReason"] = status_reason
        if longest_hold_seconds is not UNSET:
            field_dict["longestHoldSeconds"] = longest_hold_seconds
        if time_zone is not UNSET:
            field_dict["timeZone"] = time_zone
        if opening_hours is not UNSET:
            field_dict["openingHours"] = opening_hours
        if contacts is not UNSET:
            field_dict["contacts"] = contacts

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

        region = d.pop("region")

        _store_id = d.pop("storeId", UNSET)
        store_id: UUID | Unset
        if isinstance(_store_id,  Unset):
            store_id = UNSET
        else:
            store_id = UUID(_store_id)




        city = d.pop("city", UNSET)

        address = d.pop("address", UNSET)

        postal_code = d.pop("postalCode", UNSET)

        _location = d.pop("location", UNSET)
        location: Location | Unset
        if isinstance(_location,  Unset):
            location = UNSET
        else:
            location = Location.from_dict(_location)




        _kind = d.pop("kind", UNSET)
        kind: StoreKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = StoreKind(_kind)




        _status = d.pop("status", UNSET)
        status: StoreStatus | Unset
        if isinstance(_status,  Unset):
            status = UNSET
        else:
            status = StoreStatus(_status)




        status_reason = d.pop("statusReason", UNSET)

        longest_hold_seconds = d.pop("longestHoldSeconds", UNSET)

        time_zone = d.pop("timeZone", UNSET)

        _opening_hours = d.pop("openingHours", UNSET)
        opening_hours: OpeningHours | Unset
        if isinstance(_opening_hours,  Unset):
            opening_hours = UNSET
        else:
            opening_hours = OpeningHours.from_dict(_opening_hours)




        _contacts = d.pop("contacts", UNSET)
        contacts: list[Contact] | Unset = UNSET
        if _contacts is not UNSET:
            contacts = []
            for contacts_item_data in _contacts:
                contacts_item = Contact.from_dict(contacts_item_data)



                contacts.append(contacts_item)


        register_store = cls(
            code=code,
            name=name,
            region=region,
            store_id=store_id,
            city=city,
            address=address,
            postal_code=postal_code,
            location=location,
            kind=kind,
            status=status,
            status_reason=status_reason,
            longest_hold_seconds=longest_hold_seconds,
            time_zone=time_zone,
            opening_hours=opening_hours,
            contacts=contacts,
        )

        return register_store

