from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.import_status import ImportStatus
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.import_change import ImportChange
  from ..models.import_failure import ImportFailure
  from ..models.import_rejection import ImportRejection
  from ..models.import_warning import ImportWarning_





T = TypeVar("T", bound="Import")



@_attrs_define
class Import:
    """ A file that was sent, and what becomes of its lines.

        Example:
            {'accepted': 38, 'bytesRead': 1200, 'changed': 0, 'changes': [], 'createdAt': '2026-11-28T12:00:00.000Z',
                'createdBy': 'user:ana', 'dryRun': False, 'endedAt': '2026-11-28T12:00:04.200Z', 'importId':
                '88888888-8888-8888-8888-888888888888', 'kind': 'stock', 'lines': 40, 'name': 'deliveries-2026-11-28.csv',
                'rejected': 2, 'rejections': [{'code': 'unknown-product', 'count': 2}], 'size': 1200, 'startedAt':
                '2026-11-28T12:00:00.010Z', 'status': 'done', 'unchanged': 0, 'warned': 0, 'warnings': []}

        Attributes:
            import_id (UUID): Which one.
            kind (str): What the file lists.
            name (str): What it is called.
            status (ImportStatus): How far an import is.
            created_at (datetime.datetime): When it had arrived.
            created_by (str): Who sent it.
            size (int): Size of the file in bytes.
            bytes_read (int): Bytes that have been read of it; a file is read twice, the first time to look at all of it
                before anything is booked.
            dry_run (bool): Whether nothing was changed: then the numbers say what would be.
            lines (int): Lines read: `accepted`, `unchanged` and `rejected` together.
            accepted (int): Lines that were booked, or registered.
            changed (int): Lines among those that changed an entry which was there, with `update`.
            unchanged (int): Lines that were booked before, or say what is known already.
            warned (int): Lines that were taken without a field that was not understood.
            rejected (int): Lines that were not taken: `/imports/{importId}/rejected-lines` has them.
            rejections (list[ImportRejection]): What lines were rejected for.
            warnings (list[ImportWarning_]): What lines were taken without.
            changes (list[ImportChange]): What lines change, with `update`: at most 100 fields.
            started_at (datetime.datetime | Unset): When its turn came.
            ended_at (datetime.datetime | Unset): When it ended.
            failure (ImportFailure | Unset): Why an import failed. Example: {'code': 'imported-before', 'detail': 'all lines
                of b.csv are equal to those of a.csv'}.
            report (str | Unset): What became of the file, for people.
     """

    import_id: UUID
    kind: str
    name: str
    status: ImportStatus
    created_at: datetime.datetime
    created_by: str
    size: int
    bytes_read: int
    dry_run: bool
    lines: int
    accepted: int
    changed: int
    unchanged: int
    warned: int
    rejected: int
    rejections: list[ImportRejection]
    warnings: list[ImportWarning_]
    changes: list[ImportChange]
    started_at: datetime.datetime | Unset = UNSET
    ended_at: datetime.datetime | Unset = UNSET
    failure: ImportFailure | Unset = UNSET
    report: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.import_change import ImportChange # noqa: PLC0415
        from ..models.import_failure import ImportFailure # noqa: PLC0415
        from ..models.import_rejection import ImportRejection # noqa: PLC0415
        from ..models.import_warning import ImportWarning_ # noqa: PLC0415
        import_id = str(self.import_id)

        kind = self.kind

        name = self.name

        status = self.status.value

        created_at = self.created_at.isoformat()

        created_by = self.created_by

        size = self.size

        bytes_read = self.bytes_read

        dry_run = self.dry_run

        lines = self.lines

        accepted = self.accepted

        changed = self.changed

        unchanged = self.unchanged

        warned = self.warned

        rejected = self.rejected

        rejections = []
        for rejections_item_data in self.rejections:
            rejections_item = rejections_item_data.to_dict()
            rejections.append(rejections_item)



        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)



        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)



        started_at: str | Unset = UNSET
        if not isinstance(self.started_at, Unset):
            started_at = self.started_at.isoformat()

        ended_at: str | Unset = UNSET
        if not isinstance(self.ended_at, Unset):
            ended_at = self.ended_at.isoformat()

        failure: dict[str, Any] | Unset = UNSET
        if not isinstance(self.failure, Unset):
            failure = self.failure.to_dict()

        report = self.report


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "importId": import_id,
            "kind": kind,
            "name": name,
            "status": status,
            "createdAt": created_at,
            "createdBy": created_by,
            "size": size,
            "bytesRead": bytes_read,
            "dryRun": dry_run,
            "lines": lines,
            "accepted": accepted,
            "changed": changed,
            "unchanged": unchanged,
            "warned": warned,
            "rejected": rejected,
            "rejections": rejections,
            "warnings": warnings,
            "changes": changes,
        })
        if started_at is not UNSET:
            field_dict["startedAt"] = started_at
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at
        if failure is not UNSET:
            field_dict["failure"] = failure
        if report is not UNSET:
            field_dict["report"] = report

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_change import ImportChange # noqa: PLC0415
        from ..models.import_failure import ImportFailure # noqa: PLC0415
        from ..models.import_rejection import ImportRejection # noqa: PLC0415
        from ..models.import_warning import ImportWarning_ # noqa: PLC0415
        d = dict(src_dict)
        import_id = UUID(d.pop("importId"))




        kind = d.pop("kind")

        name = d.pop("name")

        status = ImportStatus(d.pop("status"))




        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))




        created_by = d.pop("createdBy")

        size = d.pop("size")

        bytes_read = d.pop("bytesRead")

        dry_run = d.pop("dryRun")

        lines = d.pop("lines")

        accepted = d.pop("accepted")

        changed = d.pop("changed")

        unchanged = d.pop("unchanged")

        warned = d.pop("warned")

        rejected = d.pop("rejected")

        rejections = []
        _rejections = d.pop("rejections")
        for rejections_item_data in (_rejections):
            rejections_item = ImportRejection.from_dict(rejections_item_data)



            rejections.append(rejections_item)


        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in (_warnings):
            warnings_item = ImportWarning_.from_dict(warnings_item_data)



            warnings.append(warnings_item)


        changes = []
        _changes = d.pop("changes")
        for changes_item_data in (_changes):
            changes_item = ImportChange.from_dict(changes_item_data)



            changes.append(changes_item)


        _started_at = d.pop("startedAt", UNSET)
        started_at: datetime.datetime | Unset
        if isinstance(_started_at,  Unset):
            started_at = UNSET
        else:
            started_at = datetime.datetime.fromisoformat(_started_at)




        _ended_at = d.pop("endedAt", UNSET)
        ended_at: datetime.datetime | Unset
        if isinstance(_ended_at,  Unset):
            ended_at = UNSET
        else:
            ended_at = datetime.datetime.fromisoformat(_ended_at)




        _failure = d.pop("failure", UNSET)
        failure: ImportFailure | Unset
        if isinstance(_failure,  Unset):
            failure = UNSET
        else:
            failure = ImportFailure.from_dict(_failure)




        report = d.pop("report", UNSET)

        import_ = cls(
            import_id=import_id,
            kind=kind,
            name=name,
            status=status,
            created_at=created_at,
            created_by=created_by,
            size=size,
            bytes_read=bytes_read,
            dry_run=dry_run,
            lines=lines,
            accepted=accepted,
            changed=changed,
            unchanged=unchanged,
            warned=warned,
            rejected=rejected,
            rejections=rejections,
            warnings=warnings,
            changes=changes,
            started_at=started_at,
            ended_at=ended_at,
            failure=failure,
            report=report,
        )


        import_.additional_properties = d
        return import_

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
