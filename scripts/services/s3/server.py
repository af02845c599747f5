"""An object store that speaks S3, in memory (moto): one bucket, and one user whose signatures it checks.

Called with a port, the name of the bucket, and the id and the secret of the user's key.
"""

import logging
import sys
import threading

from moto import settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import s3_backends

REGION = "us-east-1"
EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'


def main(port: int, bucket: str, key_id: str, secret: str) -> None:
    users = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    users.create_user(REGION, user_name="tests")
    users.put_user_policy("tests", "everything", EVERYTHING)
    key = users.create_access_key("tests")
    key.access_key_id, key.secret_access_key = key_id, secret
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(bucket, REGION)
    # from now on every request is asked who sent it
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:5])
