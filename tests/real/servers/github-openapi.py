#!/usr/bin/env python3
"""Cuts GitHub's own OpenAPI document to the paths that gonogo asks, with all that they refer to.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
    tests/real/servers/github-openapi.py package/generated/api.github.com.json > tests/real/servers/github-openapi.json

What is cut out is not changed, but for texts: nobody reads them here.
"""

import json
import pathlib
import sys

PATHS = {
    "/rate_limit": ["get"],
    "/user": ["get"],
    "/users/{username}": ["get"],
    "/orgs/{org}/members": ["get"],
    "/orgs/{org}/memberships/{username}": ["get"],
    "/orgs/{org}/invitations": ["get"],
    "/app": ["get"],
    "/app/installations/{installation_id}": ["get"],
    "/app/installations/{installation_id}/access_tokens": ["post"],
}
SAYS = (
    "GitHub's OpenAPI document, cut to the paths that gonogo asks by github-openapi.py. "
    "Source: the file generated/api.github.com.json of the npm package @octokit/openapi 23.0.2. "
    "Its licence: "
)
TEXTS = {"description", "summary", "externalDocs", "x-github"}


def plain(value, is_named=False):
    """The same without texts for people; `is_named` where the keys are names of the document's own."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        if not is_named and key in TEXTS:
            continue
        if not is_named and key in ("example", "value"):
            kept[key] = item
        else:
            kept[key] = plain(item, key in ("properties", "schemas", "examples", "parameters", "responses", "headers", "paths"))
    return kept


def references(value):
    """Every `$ref` below a value."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def described(responses):
    """A response needs its description, however short."""
    for response in responses.values():
        if "$ref" not in response:
            response["description"] = ""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    paths = {path: {method: plain(whole["paths"][path][method]) for method in methods} for path, methods in PATHS.items()}
    components, waiting = {}, list(references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = plain(whole["components"][kind][name])
            waiting.extend(references(components[kind][name]))
    for methods in paths.values():
        for operation in methods.values():
            described(operation["responses"])
    described(components.get("responses", {}))
    components = {kind: dict(sorted(entries.items())) for kind, entries in sorted(components.items())}
    licence = " ".join((pathlib.Path(sys.argv[1]).parents[1] / "LICENSE").read_text(encoding="utf-8").split())
    info = {"title": "GitHub REST API", "version": whole["info"]["version"], "license": whole["info"]["license"]}
    info["description"] = SAYS + licence
    cut = {"openapi": whole["openapi"], "info": info, "servers": whole["servers"], "paths": paths, "components": components}
    json.dump(cut, sys.stdout, separators=(",", ":"), ensure_ascii=True)
    sys.stdout.write("\n")


main()
