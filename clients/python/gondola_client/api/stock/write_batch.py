from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.add_stock_command import AddStockCommand
from ...models.adjust_stock_command import AdjustStockCommand
from ...models.batch_answer import BatchAnswer
from ...models.commit_reservation_command import CommitReservationCommand
from ...models.count_stock_command import CountStockCommand
from ...models.extend_reservation_command import ExtendReservationCommand
from ...models.problem import Problem
from ...models.release_reservation_command import ReleaseReservationCommand
from ...models.reserve_stock_command import ReserveStockCommand
from ...models.set_stock_policy_command import SetStockPolicyCommand
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    body: list[AddStockCommand | AdjustStockCommand | CommitReservationCommand | CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand | ReserveStockCommand | SetStockPolicyCommand],
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/batch",
    }

    _kwargs["json"] = []
    for componentsschemas_batch_commands_item_data in body:
        componentsschemas_batch_commands_item: dict[str, Any]
        if isinstance(componentsschemas_batch_commands_item_data, AddStockCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, AdjustStockCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, CountStockCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, SetStockPolicyCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, ReserveStockCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, CommitReservationCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        elif isinstance(componentsschemas_batch_commands_item_data, ReleaseReservationCommand):
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()
        else:
            componentsschemas_batch_commands_item = componentsschemas_batch_commands_item_data.to_dict()

        _kwargs["json"].append(componentsschemas_batch_commands_item)



    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | list[BatchAnswer] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in (_response_200):
            response_200_item = BatchAnswer.from_dict(response_200_item_data)



            response_200.append(response_200_item)

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())



        return response_408

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())



        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | list[BatchAnswer]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[AddStockCommand | AdjustStockCommand | CommitReservationCommand | CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand | ReserveStockCommand | SetStockPolicyCommand],
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | list[BatchAnswer]]:
    """ Execute many commands.

     A JSON array of at most 1000 commands, or, as `application/x-ndjson`, one JSON object a line, at
    most 200000 lines and 64 MiB:
    `op` and the fields of that operation's own route. Answers come as the commands do, or as `Accept`
    says. Commands of one store
    take effect in order; each succeeds or fails by itself, and `status` of its answer says which. Of
    lines, read the answers while
    you send: beyond 8 MiB of them that nobody reads, no further line is taken, and 20 seconds later the
    connection is closed.

    Args:
        idempotency_key (str | Unset):
        body (list[AddStockCommand | AdjustStockCommand | CommitReservationCommand |
            CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand |
            ReserveStockCommand | SetStockPolicyCommand]): Commands, performed in this order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[BatchAnswer]]
     """


    kwargs = _get_kwargs(
        body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body: list[AddStockCommand | AdjustStockCommand | CommitReservationCommand | CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand | ReserveStockCommand | SetStockPolicyCommand],
    idempotency_key: str | Unset = UNSET,

) -> Problem | list[BatchAnswer] | None:
    """ Execute many commands.

     A JSON array of at most 1000 commands, or, as `application/x-ndjson`, one JSON object a line, at
    most 200000 lines and 64 MiB:
    `op` and the fields of that operation's own route. Answers come as the commands do, or as `Accept`
    says. Commands of one store
    take effect in order; each succeeds or fails by itself, and `status` of its answer says which. Of
    lines, read the answers while
    you send: beyond 8 MiB of them that nobody reads, no further line is taken, and 20 seconds later the
    connection is closed.

    Args:
        idempotency_key (str | Unset):
        body (list[AddStockCommand | AdjustStockCommand | CommitReservationCommand |
            CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand |
            ReserveStockCommand | SetStockPolicyCommand]): Commands, performed in this order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[BatchAnswer]
     """


    return sync_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[AddStockCommand | AdjustStockCommand | CommitReservationCommand | CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand | ReserveStockCommand | SetStockPolicyCommand],
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | list[BatchAnswer]]:
    """ Execute many commands.

     A JSON array of at most 1000 commands, or, as `application/x-ndjson`, one JSON object a line, at
    most 200000 lines and 64 MiB:
    `op` and the fields of that operation's own route. Answers come as the commands do, or as `Accept`
    says. Commands of one store
    take effect in order; each succeeds or fails by itself, and `status` of its answer says which. Of
    lines, read the answers while
    you send: beyond 8 MiB of them that nobody reads, no further line is taken, and 20 seconds later the
    connection is closed.

    Args:
        idempotency_key (str | Unset):
        body (list[AddStockCommand | AdjustStockCommand | CommitReservationCommand |
            CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand |
            ReserveStockCommand | SetStockPolicyCommand]): Commands, performed in this order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[BatchAnswer]]
     """


    kwargs = _get_kwargs(
        body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[AddStockCommand | AdjustStockCommand | CommitReservationCommand | CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand | ReserveStockCommand | SetStockPolicyCommand],
    idempotency_key: str | Unset = UNSET,

) -> Problem | list[BatchAnswer] | None:
    """ Execute many commands.

     A JSON array of at most 1000 commands, or, as `application/x-ndjson`, one JSON object a line, at
    most 200000 lines and 64 MiB:
    `op` and the fields of that operation's own route. Answers come as the commands do, or as `Accept`
    says. Commands of one store
    take effect in order; each succeeds or fails by itself, and `status` of its answer says which. Of
    lines, read the answers while
    you send: beyond 8 MiB of them that nobody reads, no further line is taken, and 20 seconds later the
    connection is closed.

    Args:
        idempotency_key (str | Unset):
        body (list[AddStockCommand | AdjustStockCommand | CommitReservationCommand |
            CountStockCommand | ExtendReservationCommand | ReleaseReservationCommand |
            ReserveStockCommand | SetStockPolicyCommand]): Commands, performed in this order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[BatchAnswer]
     """


    return (await asyncio_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
