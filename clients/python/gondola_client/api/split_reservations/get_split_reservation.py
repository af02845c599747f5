from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.problem import Problem
from ...models.split_reservation import SplitReservation
from typing import cast
from uuid import UUID



def _get_kwargs(
    split_reservation_id: UUID,

) -> dict[str, Any]:
    

    

    

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/inventory/split-reservations/{split_reservation_id}".format(split_reservation_id=quote(str(split_reservation_id), safe=""),),
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SplitReservation | None:
    if response.status_code == 200:
        response_200 = SplitReservation.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | SplitReservation]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    split_reservation_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | SplitReservation]:
    """ A split reservation as it stands, behind every earlier change of it, with its parts and what
    happened.

    Args:
        split_reservation_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SplitReservation]
     """


    kwargs = _get_kwargs(
        split_reservation_id=split_reservation_id,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    split_reservation_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Problem | SplitReservation | None:
    """ A split reservation as it stands, behind every earlier change of it, with its parts and what
    happened.

    Args:
        split_reservation_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SplitReservation
     """


    return sync_detailed(
        split_reservation_id=split_reservation_id,
client=client,

    ).parsed

async def asyncio_detailed(
    split_reservation_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Response[Problem | SplitReservation]:
    """ A split reservation as it stands, behind every earlier change of it, with its parts and what
    happened.

    Args:
        split_reservation_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SplitReservation]
     """


    kwargs = _get_kwargs(
        split_reservation_id=split_reservation_id,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    split_reservation_id: UUID,
    *,
    client: AuthenticatedClient,

) -> Problem | SplitReservation | None:
    """ A split reservation as it stands, behind every earlier change of it, with its parts and what
    happened.

    Args:
        split_reservation_id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SplitReservation
     """


    return (await asyncio_detailed(
        split_reservation_id=split_reservation_id,
client=client,

    )).parsed
