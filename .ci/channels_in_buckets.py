"""Reads a channel in a bucket, with keys of every kind.

    channels_in_buckets.py TEST_BINARY
    cargo test --no-run --message-format json … | channels_in_buckets.py --binary

TEST_BINARY is the integration test of conda-client, built with the feature `s3`; the tests that it ignores by itself are
run here. The second form tells where cargo put it. The bucket is moto's. moto checks signatures in headers only and rattler sends them in the query, so a gate in
front of it checks them there as S3 does: who signed, whether the signature fits, whether the session is over, whether he
may. Exits with 1 at the first test that fails, naming it.
"""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import threading
from urllib.parse import parse_qsl, quote, urlsplit

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client

BUCKET = "channel"
# Id: secret, what is wrong with who has it.
KEYS = {
    "reader": ("of the reader", None),
    "stranger": ("of the stranger", ("403 Forbidden", "AccessDenied")),
    "guest": ("of the guest", ("400 Bad Request", "ExpiredToken")),
}
# Test: the keys in the environment it runs in. Those in AWS alone are told there where the bucket is, too.
TESTS = {
    "the_environment_of_aws_says_where_a_bucket_is": ("reader", "of the reader", None),
    "without_a_region_it_is_said_what_is_missing": ("reader", "of the reader", None),
    "with_keys_of_the_environment_the_channel_is_read": ("reader", "of the reader", None),
    "without_keys_it_is_said_where_to_put_some": None,
    "keys_that_nobody_knows_are_refused": None,
    "keys_with_a_wrong_secret_are_refused": ("reader", "of somebody else", None),
    "keys_without_the_right_are_refused": ("stranger", "of the stranger", None),
    "keys_that_are_expired_are_refused": ("guest", "of the guest", "over"),
}


def repodata(subdir, name, depends):
    file = f"{name}-1.0-0.conda"
    record = {"name": name, "version": "1.0", "build": "0", "build_number": 0, "depends": depends, "subdir": subdir}
    return json.dumps({"info": {"subdir": subdir}, "packages": {}, "packages.conda": {file: record}}).encode()


def signature(secret, environ, query):
    """What https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html has whoever knows the secret sign."""
    scope = query["X-Amz-Credential"].split("/", 1)[1]
    pairs = sorted((quote(name, "-_.~"), quote(value, "-_.~")) for name, value in query.items() if name != "X-Amz-Signature")
    names = query["X-Amz-SignedHeaders"].split(";")
    headers = [f"{name}:{environ['HTTP_' + name.upper().replace('-', '_')].strip()}\n" for name in names]
    canonical = "\n".join([
        environ["REQUEST_METHOD"],
        urlsplit(environ["RAW_URI"]).path,
        "&".join("=".join(pair) for pair in pairs),
        "".join(headers),
        ";".join(names),
        "UNSIGNED-PAYLOAD",
    ])
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, hashed])
    key = ("AWS4" + secret).encode()
    for part in [*scope.split("/"), text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def refusal(environ):
    query = dict(parse_qsl(urlsplit(environ["RAW_URI"]).query, keep_blank_values=True))
    if "X-Amz-Signature" not in query:
        return "403 Forbidden", "AccessDenied"
    secret, wrong = KEYS.get(query["X-Amz-Credential"].split("/")[0], (None, None))
    if secret is None:
        return "403 Forbidden", "InvalidAccessKeyId"
    if signature(secret, environ, query) != query["X-Amz-Signature"]:
        return "403 Forbidden", "SignatureDoesNotMatch"
    return wrong


def main(binary):
    moto = DomainDispatcherApplication(create_backend_app)
    passed = []

    def gate(environ, start):
        refused = refusal(environ)
        if refused is None:
            passed.append(environ["RAW_URI"])
            return moto({**environ, "HTTP_HOST": "s3.amazonaws.com"}, start)
        status, code = refused
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>".encode()
        start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    class Quiet(WSGIRequestHandler):
        def log(self, *_):
            pass

    server = make_server("127.0.0.1", 0, gate, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    inside = Client(moto)
    headers = {"Host": "s3.amazonaws.com"}
    files = {
        "linux-64/repodata.json": repodata("linux-64", "tool", ["library"]),
        "noarch/repodata.json": repodata("noarch", "library", []),
    }
    assert inside.put(f"/{BUCKET}", headers=headers).status_code == 200
    for path, content in files.items():
        assert inside.put(f"/{BUCKET}/studio/{path}", data=content, headers=headers).status_code == 200, path

    for test, keys in TESTS.items():
        with tempfile.TemporaryDirectory() as home:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            environment |= {
                "AYON_RESOLVE_TEST_S3": f"http://127.0.0.1:{server.server_port}",
                "AWS_EC2_METADATA_DISABLED": "true",
                "HOME": home,
            }
            if keys:
                names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
                environment |= {name: value for name, value in zip(names, keys) if value}
            if test == "the_environment_of_aws_says_where_a_bucket_is":
                environment |= {"AWS_ENDPOINT_URL": f"http://localhost:{server.server_port}", "AWS_REGION": "eu-west-1"}
            command = [binary, "--ignored", "--exact", f"buckets::{test}"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode or "1 passed" not in done.stdout:
            sys.exit(f"{test}\n{done.stdout}{done.stderr}")
    assert passed, "nobody came through the gate"
    print(f"channels in buckets: {len(TESTS)} kinds of keys, {len(passed)} requests with a signature that fits")


def built(messages):
    for message in map(json.loads, messages):
        path = message.get("executable")
        if path and "/crates/conda-client#" in message["package_id"] and message["target"]["kind"] == ["test"]:
            print(path)
            return
    sys.exit("the tests of conda-client were not built")


if __name__ == "__main__":
    if sys.argv[1:] == ["--binary"]:
        built(sys.stdin)
    else:
        main(*sys.argv[1:])
