from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.checkout import Checkout
from ...models.checkout_request import CheckoutRequest
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    body: CheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/checkouts",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Checkout | Problem | None:
    if response.status_code == 201:
        response_201 = Checkout.from_dict(response.json())



        return response_201

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
    *,
    client: AuthenticatedClient,
    body: CheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Checkout | Problem]:
    """ Begin a checkout: the store accepts it, its units are held, and the notification service keeps its
    confirmation; all of
    them, or nothing.

     The answer is 201 when all have accepted it. 202 says that this takes longer than two seconds: look
    at `Location`. 409
    `checkout-refused` says by `refusedBy` who refused it, and that nothing is held.

    Args:
        idempotency_key (str | Unset):
        body (CheckoutRequest): Have a basket of one store accepted by all who take part, until a
            deadline. Example: {'confirmation': 'notWanted', 'lines': [{'productSku': 'PROD123456',
            'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'orderId': 'ORDER-1001',
            'storeId': '11111111-1111-1111-1111-111111111111'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Checkout | Problem]
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
    body: CheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Checkout | Problem | None:
    """ Begin a checkout: the store accepts it, its units are held, and the notification service keeps its
    confirmation; all of
    them, or nothing.

     The answer is 201 when all have accepted it. 202 says that this takes longer than two seconds: look
    at `Location`. 409
    `checkout-refused` says by `refusedBy` who refused it, and that nothing is held.

    Args:
        idempotency_key (str | Unset):
        body (CheckoutRequest): Have a basket of one store accepted by all who take part, until a
            deadline. Example: {'confirmation': 'notWanted', 'lines': [{'productSku': 'PROD123456',
            'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'orderId': 'ORDER-1001',
            'storeId': '11111111-1111-1111-1111-111111111111'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Checkout | Problem
     """


    return sync_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Response[Checkout | Problem]:
    """ Begin a checkout: the store accepts it, its units are held, and the notification service keeps its
    confirmation; all of
    them, or nothing.

     The answer is 201 when all have accepted it. 202 says that this takes longer than two seconds: look
    at `Location`. 409
    `checkout-refused` says by `refusedBy` who refused it, and that nothing is held.

    Args:
        idempotency_key (str | Unset):
        body (CheckoutRequest): Have a basket of one store accepted by all who take part, until a
            deadline. Example: {'confirmation': 'notWanted', 'lines': [{'productSku': 'PROD123456',
            'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'orderId': 'ORDER-1001',
            'storeId': '11111111-1111-1111-1111-111111111111'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Checkout | Problem]
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
    body: CheckoutRequest,
    idempotency_key: str | Unset = UNSET,

) -> Checkout | Problem | None:
    """ Begin a checkout: the store accepts it, its units are held, and the notification service keeps its
    confirmation; all of
    them, or nothing.

     The answer is 201 when all have accepted it. 202 says that this takes longer than two seconds: look
    at `Location`. 409
    `checkout-refused` says by `refusedBy` who refused it, and that nothing is held.

    Args:
        idempotency_key (str | Unset):
        body (CheckoutRequest): Have a basket of one store accepted by all who take part, until a
            deadline. Example: {'confirmation': 'notWanted', 'lines': [{'productSku': 'PROD123456',
            'quantity': 2}, {'productSku': 'PROD123457', 'quantity': 1}], 'orderId': 'ORDER-1001',
            'storeId': '11111111-1111-1111-1111-111111111111'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Checkout | Problem
     """


    return (await asyncio_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
