"""Reads a channel in a bucket, with keys of every kind.

    channels_in_buckets.py TEST_BINARY
    cargo test --no-run --message-format json … | channels_in_buckets.py --binary

TEST_BINARY is the integration test of conda-client, built with the feature `s3`; the tests that it ignores by itself are
run here, each with keys of its own. The second form tells where cargo put it. Exits with 1 at the first test that fails,
naming it.
"""

import json
import os
import subprocess
import sys
import tempfile

from bucket import Bucket

# Where the tests hold it to be.
REGION = "eu-central-1"
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
    "a_bucket_in_another_region_is_told": ("reader", "of the reader", None),
    "keys_that_nobody_knows_are_refused": None,
    "keys_with_a_wrong_secret_are_refused": ("reader", "of somebody else", None),
    "keys_without_the_right_are_refused": ("stranger", "of the stranger", None),
    "keys_that_are_expired_are_refused": ("guest", "of the guest", "over"),
}


def repodata(subdir, name, depends):
    file = f"{name}-1.0-0.conda"
    record = {"name": name, "version": "1.0", "build": "0", "build_number": 0, "depends": depends, "subdir": subdir}
    return json.dumps({"info": {"subdir": subdir}, "packages": {}, "packages.conda": {file: record}}).encode()


def main(binary):
    bucket = Bucket("channel", REGION, KEYS)
    bucket.put("studio/linux-64/repodata.json", repodata("linux-64", "tool", ["library"]))
    bucket.put("studio/noarch/repodata.json", repodata("noarch", "library", []))
    for test, keys in TESTS.items():
        with tempfile.TemporaryDirectory() as home:
            environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
            environment |= {
                "AYON_RESOLVE_TEST_S3": f"http://127.0.0.1:{bucket.port}",
                "AWS_EC2_METADATA_DISABLED": "true",
                "HOME": home,
            }
            if keys:
                names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
                environment |= {name: value for name, value in zip(names, keys) if value}
            if test == "the_environment_of_aws_says_where_a_bucket_is":
                environment |= {"AWS_ENDPOINT_URL": f"http://localhost:{bucket.port}", "AWS_REGION": REGION}
            command = [binary, "--ignored", "--exact", f"buckets::{test}"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode or "1 passed" not in done.stdout:
            sys.exit(f"{test}\n{done.stdout}{done.stderr}")
    assert bucket.passed, "nobody came through the gate"
    print(f"channels in buckets: {len(TESTS)} kinds of keys, {len(bucket.passed)} requests with a signature that fits")


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
