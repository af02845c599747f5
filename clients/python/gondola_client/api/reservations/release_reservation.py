from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.release_request import ReleaseRequest
from ...models.reservation import Reservation
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    body: ReleaseRequest,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/inventory/release",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Reservation | None:
    if response.status_code == 200:
        response_200 = Reservation.from_dict(response.json())



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

    if response.status_code == 410:
        response_410 = Problem.from_dict(response.json())



        return response_410

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Reservation]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ReleaseRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | Reservation]:
    """ Release a reservation: its units are given back, all or some of them.

     The rest of a partial release is still held until the same deadline. A partial release that is sent
    again releases
    again, unless it has an `Idempotency-Key`.

    Args:
        idempotency_key (str | Unset):
        body (ReleaseRequest): Reserved units are given back: all of them, or some, and the rest
            is still held. Example: {'reason': 'Cart abandoned', 'reservationId':
            '33333333-3333-3333-3333-333333333333'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Reservation]
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
    body: ReleaseRequest,
    idempotency_key: str | Unset = UNSET,

) -> Problem | Reservation | None:
    """ Release a reservation: its units are given back, all or some of them.

     The rest of a partial release is still held until the same deadline. A partial release that is sent
    again releases
    again, unless it has an `Idempotency-Key`.

    Args:
        idempotency_key (str | Unset):
        body (ReleaseRequest): Reserved units are given back: all of them, or some, and the rest
            is still held. Example: {'reason': 'Cart abandoned', 'reservationId':
            '33333333-3333-3333-3333-333333333333'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Reservation
     """


    return sync_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ReleaseRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Problem | Reservation]:
    """ Release a reservation: its units are given back, all or some of them.

     The rest of a partial release is still held until the same deadline. A partial release that is sent
    again releases
    again, unless it has an `Idempotency-Key`.

    Args:
        idempotency_key (str | Unset):
        body (ReleaseRequest): Reserved units are given back: all of them, or some, and the rest
            is still held. Example: {'reason': 'Cart abandoned', 'reservationId':
            '33333333-3333-3333-3333-333333333333'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Reservation]
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
    body: ReleaseRequest,
    idempotency_key: str | Unset = UNSET,

) -> Problem | Reservation | None:
    """ Release a reservation: its units are given back, all or some of them.

     The rest of a partial release is still held until the same deadline. A partial release that is sent
    again releases
    again, unless it has an `Idempotency-Key`.

    Args:
        idempotency_key (str | Unset):
        body (ReleaseRequest): Reserved units are given back: all of them, or some, and the rest
            is still held. Example: {'reason': 'Cart abandoned', 'reservationId':
            '33333333-3333-3333-3333-333333333333'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Reservation
     """


    return (await asyncio_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
