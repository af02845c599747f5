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





T = TypeVar("T", bound="Store")



@_attrs_define
class Store:
    """ A store of the chain.

        Attributes:
            store_id (UUID): Which store; never changes. Example: 11111111-1111-1111-1111-111111111111.
            code (str): What the chain calls it; unique, and never changes. Example: SP-PAULISTA.
            name (str): Its name for people. Example: Avenida Paulista.
            region (str): State, province or sales region. Example: SP.
            kind (StoreKind): What sort of place a store is.
            status (StoreStatus): Whether a store trades.
            version (int): How many changes it has had; also its `ETag`. Example: 1.
            city (str | Unset): City or town. Example: São Paulo.
            address (str | Unset): Street and number. Example: Avenida Paulista, 1578.
            postal_code (str | Unset): Postal code. Example: 01310-200.
            location (Location | Unset): A place on Earth (WGS 84).
            status_reason (str | Unset): Why it has its status.
            longest_hold_seconds (int | Unset): The longest time that a reservation may hold its stock, in seconds; 24 hours
                when absent.
            time_zone (str | Unset): The zone of its clocks: a name of the IANA database. Example: America/Sao_Paulo.
            opening_hours (OpeningHours | Unset): When a store is open, by its own clocks: for each weekday (`monday` to
                `sunday`) and each day that is an exception
                (`2026-12-25`) the spans in which it is open, such as `08:00-12:30`, in order. A weekday that is not named and a
                day without
                spans are closed. No span goes beyond 24:00. Example: {'2026-12-25': [], 'monday': ['08:00-12:00',
                '14:00-18:30']}.
            contacts (list[Contact] | Unset): Whom to call or write to, the first one first.
            distance_metres (int | Unset): In a list of stores near a place: how far it is from there, as the crow flies.
            position (int | Unset): After a change: its position in the catalogue's log, for `minPosition` of lists.
                Example: 42.
     """

    store_id: UUID
    code: str
    name: str
    region: str
    kind: StoreKind
    status: StoreStatus
    version: int
    city: str | Unset = UNSET
    address: str | Unset = UNSET
    postal_code: str | Unset = UNSET
    location: Location | Unset = UNSET
    status_reason: str | Unset = UNSET
    longest_hold_seconds: int | Unset = UNSET
    time_zone: str | Unset = UNSET
    opening_hours: OpeningHours | Unset = UNSET
    contacts: list[Contact] | Unset = UNSET
    distance_metres: int | Unset = UNSET
    position: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        store_id = str(self.store_id)

        code = self.code

        name = self.name

        region = self.region

        kind = self.kind.value

        status = self.status.value

        version = self.version

        city = self.city

        address = self.address

        postal_code = self.postal_code

        location: dict[str, Any] | Unset = UNSET
        if not isinstance(self.location, Unset):
            location = self.location.to_dict()

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



        distance_metres = self.distance_metres

        position = self.position


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "storeId": store_id,
            "code": code,
            "name": name,
            "region": region,
            "kind": kind,
            "status": status,
            "version": version,
        })
        if city is not UNSET:
            field_dict["city"] = city
        if address is not UNSET:
            field_dict["address"] = address
        if postal_code is not UNSET:
            field_dict["postalCode"] = postal_code
        if location is not UNSET:
            field_dict["location"] = location
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
        if distance_metres is not UNSET:
            field_dict["distanceMetres"] = distance_metres
        if position is not UNSET:
            field_dict["position"] = position

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contact import Contact # noqa: PLC0415
        from ..models.location import Location # noqa: PLC0415
        from ..models.opening_hours import OpeningHours # noqa: PLC0415
        d = dict(src_dict)
        store_id = UUID(d.pop("storeId"))




        code = d.pop("code")

        name = d.pop("name")

        region = d.pop("region")

        kind = StoreKind(d.pop("kind"))




        status = StoreStatus(d.pop("status"))




        version = d.pop("version")

        city = d.pop("city", UNSET)

        address = d.pop("address", UNSET)

        postal_code = d.pop("postalCode", UNSET)

        _location = d.pop("location", UNSET)
        location: Location | Unset
        if isinstance(_location,  Unset):
            location = UNSET
        else:
            location = Location.from_dict(_location)




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


        distance_metres = d.pop("distanceMetres", UNSET)

        position = d.pop("position", UNSET)

        store = cls(
            store_id=store_id,
            code=code,
            name=name,
            region=region,
            kind=kind,
            status=status,
            version=version,
            city=city,
            address=address,
            postal_code=postal_code,
            location=location,
            status_reason=status_reason,
            longest_hold_seconds=longest_hold_seconds,
            time_zone=time_zone,
            opening_hours=opening_hours,
            contacts=contacts,
            distance_metres=distance_metres,
            position=position,
        )


        store.additional_properties = d
        return store

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
