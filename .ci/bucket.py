"""A bucket that is read only by requests with a signature that fits.

The bucket is moto's. moto checks signatures in headers only and rattler sends them in the query, so a gate in front of it
checks them there as S3 does: who signed and for which region, whether the signature fits, whether the session is over, and
whether he may.
"""

import hashlib
import hmac
import threading
from urllib.parse import parse_qsl, quote, urlsplit

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import Client


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


class Bucket:
    """The bucket `name` in `region`, read with `keys`: of each id its secret, and the answer to its owner where he may not."""

    def __init__(self, name, region, keys):
        self.name, self.region, self.keys, self.passed = name, region, keys, []
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self.gate, threaded=True, request_handler=Quiet)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.inside("")

    def put(self, path, content):
        self.inside(f"/{path}", data=content)

    def inside(self, path, **content):
        done = Client(self.moto).put(f"/{self.name}{path}", headers={"Host": "s3.amazonaws.com"}, **content)
        assert done.status_code == 200, (path, done.status_code)

    def gate(self, environ, start):
        refused = self.refusal(environ)
        if refused is None:
            self.passed.append(environ["RAW_URI"])
            return self.moto({**environ, "HTTP_HOST": "s3.amazonaws.com"}, start)
        status, code = refused
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>".encode()
        start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    def refusal(self, environ):
        query = dict(parse_qsl(urlsplit(environ["RAW_URI"]).query, keep_blank_values=True))
        if "X-Amz-Signature" not in query:
            return "403 Forbidden", "AccessDenied"
        id, _, region, *_ = query["X-Amz-Credential"].split("/")
        if region != self.region:
            return "400 Bad Request", "AuthorizationHeaderMalformed"
        secret, wrong = self.keys.get(id, (None, None))
        if secret is None:
            return "403 Forbidden", "InvalidAccessKeyId"
        if signature(secret, environ, query) != query["X-Amz-Signature"]:
            return "403 Forbidden", "SignatureDoesNotMatch"
        return wrong


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
