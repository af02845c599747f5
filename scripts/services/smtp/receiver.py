"""A mail server on loopback: python receiver.py PORT FOLDER CERTIFICATE KEY

PORT takes mail from anybody in the open. PORT + 1 (STARTTLS) and PORT + 2 (TLS from the beginning) take it from the user
`ana@shop.example` with the password `gondola` alone, and show CERTIFICATE.

It writes each e-mail into FOLDER as JSON, named by its recipient, as a mail program would read it. A recipient that begins with
`bounce` is refused for ever (550), one that begins with `busy` for now (451).
"""

import asyncio
import json
import os
import ssl
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailboxes:
    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bounce"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy"):
            return "451 4.3.2 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        body = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        told = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "headers": mail.items(), "body": body}
        for address in envelope.rcpt_tos:
            name = os.path.join(self.folder, f"{address}-{mail['Message-ID'].strip('<>')}")
            with open(f"{name}.part", "w", encoding="utf-8") as file:
                json.dump(told, file)
            # a reader sees the whole of it or nothing
            os.rename(f"{name}.part", f"{name}.json")
        return "250 OK: it lies in a file"


def log_in(server, session, envelope, mechanism, data):
    is_known = data.login == b"ana@shop.example" and data.password == b"gondola"
    # not handled: the server says 535 itself
    return AuthResult(success=is_known, handled=False)


async def serve(port, folder, certificate, key):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    login = {"authenticator": log_in, "auth_required": True}
    kinds = [
        {},
        {"tls_context": tls, "require_starttls": True, **login},
        # the library sees no TLS that it has not begun itself
        {"ssl_context": tls, "auth_require_tls": False, **login},
    ]
    for place, kind in enumerate(kinds):
        Controller(Mailboxes(folder), hostname="127.0.0.1", port=port + place, **kind).start()
    await asyncio.Event().wait()


asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
