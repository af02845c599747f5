from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.saga_kind import SagaKind
from ..models.saga_state import SagaState
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.saga_event import SagaEvent
  from ..models.saga_step import SagaStep





T = TypeVar("T", bound="Saga")



@_attrs_define
class Saga:
    """ A change that goes through several places, step by step.

        Attributes:
            saga_id (UUID): The saga: the `transferId`, `splitReservationId`, `checkoutId`, `posBatchId` or `stocktakeId`.
            kind (SagaKind): What a saga does.
            state (SagaState): What a saga is at.
            status (str): How the thing itself stands, in the words of its kind: its `status` there.
            attempts (int): How often the step had failed when that was last recorded: at ten tries, and when they have
                doubled.
            since (datetime.datetime): When the saga last got on; a step that fails is no progress.
            created_at (datetime.datetime): When it began.
            version (int): Its version.
            step (SagaStep | Unset): The step of a saga that is to be done.
            waits_for (str | Unset): What it waits for, in people's words.
            waits_until (datetime.datetime | Unset): The moment at which it waits no longer.
            last_error (str | Unset): What the step failed of then.
            position (int | Unset): Position of its last change, in the answer about one saga; a consistency token for
                `minPosition`.
            history (list[SagaEvent] | Unset): What happened to it, oldest first, in the answer about one saga.
     """

    saga_id: UUID
    kind: SagaKind
    state: SagaState
    status: str
    attempts: int
    since: datetime.datetime
    created_at: datetime.datetime
    version: int
    step: SagaStep | Unset = UNSET
    waits_for: str | Unset = UNSET
    waits_until: datetime.datetime | Unset = UNSET
    last_error: str | Unset = UNSET
    position: int | Unset = UNSET
    history: list[SagaEvent] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.saga_event import SagaEvent # noqa: PLC0415
        from ..models.saga_step import SagaStep # noqa: PLC0415
        saga_id = str(self.saga_id)

        kind = self.kind.value

        state = self.state.value

        status = self.status

        attempts = self.attempts

        since = self.since.isoformat()

        created_at = self.created_at.isoformat()

        version = self.version

        step: dict[str, Any] | Unset = UNSET
        if not isinstance(self.step, Unset):
            step = self.step.to_dict()

        waits_for = self.waits_for

        waits_until: str | Unset = UNSET
        if not isinstance(self.waits_until, Unset):
            waits_until = self.waits_until.isoformat()

        last_error = self.last_error

        position = self.position

        history: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.history, Unset):
            history = []
            for history_item_data in self.history:
                history_item = history_item_data.to_dict()
                history.append(history_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "sagaId": saga_id,
            "kind": kind,
            "state": state,
            "status": status,
            "attempts": attempts,
            "since": since,
            "createdAt": created_at,
            "version": version,
        })
        if step is not UNSET:
            field_dict["step"] = step
        if waits_for is not UNSET:
            field_dict["waitsFor"] = waits_for
        if waits_until is not UNSET:
            field_dict["waitsUntil"] = waits_until
        if last_error is not UNSET:
            field_dict["lastError"] = last_error
        if position is not UNSET:
            field_dict["position"] = position
        if history is not UNSET:
            field_dict["history"] = history

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.saga_event import SagaEvent # noqa: PLC0415
        from ..models.saga_step import SagaStep # noqa: PLC0415
        d = dict(src_dict)
        saga_id = UUID(d.pop("sagaId"))




        kind = SagaKind(d.pop("kind"))




        state = SagaState(d.pop("state"))




        status = d.pop("status")

        attempts = d.pop("attempts")

        since = datetime.datetime.fromisoformat(d.pop("since"))




        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        version = d.pop("version")

        _step = d.pop("step", UNSET)
        step: SagaStep | Unset
        if isinstance(_step,  Unset):
            step = UNSET
        else:
            step = SagaStep.from_dict(_step)




        waits_for = d.pop("waitsFor", UNSET)

        _waits_until = d.pop("waitsUntil", UNSET)
        waits_until: datetime.datetime | Unset
        if isinstance(_waits_until,  Unset):
            waits_until = UNSET
        else:
            waits_until = datetime.datetime.fromisoformat(_waits_until)




        last_error = d.pop("lastError", UNSET)

        position = d.pop("position", UNSET)

        _history = d.pop("history", UNSET)
        history: list[SagaEvent] | Unset = UNSET
        if _history is not UNSET:
            history = []
            for history_item_data in _history:
                history_item = SagaEvent.from_dict(history_item_data)



                history.append(history_item)


        saga = cls(
            saga_id=saga_id,
            kind=kind,
            state=state,
            status=status,
            attempts=attempts,
            since=since,
            created_at=created_at,
            version=version,
            step=step,
            waits_for=waits_for,
            waits_until=waits_until,
            last_error=last_error,
            position=position,
            history=history,
        )


        saga.additional_properties = d
        return saga

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
