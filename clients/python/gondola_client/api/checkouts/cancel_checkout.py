from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.cancel_checkout_request import CancelCheckoutRequest
from ...models.checkout import Checkout
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    checkout_id: UUID,
    *,
    body: CancelCheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/checkouts/{checkout_id}/cancel".format(checkout_id=quote(str(checkout_id), safe=""),),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Checkout | Problem | None:
    if response.status_code == 200:
        response_200 = Checkout.from_dict(response.json())



        return response_200

    if response.status_code == 202:
        response_202 = Checkout.from_dict(response.json())



        return response_202

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Checkout | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    checkout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CancelCheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Checkout | Problem]:
    """ Cancel a checkout: its units are released and its confirmation is dropped, also while it is still
    being accepted.

    Args:
        checkout_id (UUID):
        idempotency_key (str | Unset):
        body (CancelCheckoutRequest): Nothing comes of it. Example: {'reason': 'Cart abandoned'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Checkout | Problem]
     """


    kwargs = _get_kwargs(
        checkout_id=checkout_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    checkout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CancelCheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Checkout | Problem | None:
    """ Cancel a checkout: its units are released and its confirmation is dropped, also while it is still
    being accepted.

    Args:
        checkout_id (UUID):
        idempotency_key (str | Unset):
        body (CancelCheckoutRequest): Nothing comes of it. Example: {'reason': 'Cart abandoned'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Checkout | Problem
     """


    return sync_detailed(
        checkout_id=checkout_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    checkout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CancelCheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Checkout | Problem]:
    """ Cancel a checkout: its units are released and its confirmation is dropped, also while it is still
    being accepted.

    Args:
        checkout_id (UUID):
        idempotency_key (str | Unset):
        body (CancelCheckoutRequest): Nothing comes of it. Example: {'reason': 'Cart abandoned'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Checkout | Problem]
     """


    kwargs = _get_kwargs(
        checkout_id=checkout_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    checkout_id: UUID,
    *,
    client: AuthenticatedClient,
    body: CancelCheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Checkout | Problem | None:
    """ Cancel a checkout: its units are released and its confirmation is dropped, also while it is still
    being accepted.

    Args:
        checkout_id (UUID):
        idempotency_key (str | Unset):
        body (CancelCheckoutRequest): Nothing comes of it. Example: {'reason': 'Cart abandoned'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Checkout | Problem
     """


    return (await asyncio_detailed(
        checkout_id=checkout_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
