"""Puts images into ECR of three regions: ecr.py FOLDER URL.

us-east-2 holds the new image whole, us-west-2 last week's, eu-west-2 last week's under another tag. Digests are given,
since the server makes some of its own that are not the manifests'.
"""

import json
import pathlib
import sys

import boto3


def main(folder: pathlib.Path, url: str) -> None:
    for region, tag, version in (
        ("us-east-2", "latest", "new"),
        ("us-west-2", "latest", "old"),
        ("eu-west-2", "last-month", "old"),
    ):
        ecr = boto3.client(
            "ecr", region_name=region, endpoint_url=url, verify=str(folder / "ca.pem"),
            aws_access_key_id="workshop", aws_secret_access_key="workshop",
        )
        ecr.create_repository(repositoryName="coder")
        put(ecr, folder / "images" / version, tag)


def put(ecr, layout: pathlib.Path, tag: str) -> None:
    """The image named `index` in the layout: its platforms without a tag, as a push leaves them, then itself."""
    named = json.loads((layout / "index.json").read_text())["manifests"]
    index = next(each for each in named if each["annotations"]["org.opencontainers.image.ref.name"] == "index")
    for platform in json.loads(blob(layout, index))["manifests"]:
        ecr.put_image(**image(layout, platform))
    ecr.put_image(**image(layout, index), imageTag=tag)


def image(layout: pathlib.Path, descriptor: dict) -> dict:
    return {
        "repositoryName": "coder",
        "imageManifest": blob(layout, descriptor),
        "imageManifestMediaType": descriptor["mediaType"],
        "imageDigest": descriptor["digest"],
    }


def blob(layout: pathlib.Path, descriptor: dict) -> str:
    algorithm, digest = descriptor["digest"].split(":")
    return (layout / "blobs" / algorithm / digest).read_text()


main(pathlib.Path(sys.argv[1]), sys.argv[2])
