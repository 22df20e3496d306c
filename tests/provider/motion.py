"""What AWS refuses while things are in motion, and the door through which a test sets things in motion.

Sources: Glue's UpdateCrawler and CreateCrawler (terraform-provider-aws#43345, #31738). The door is a path of its own,
/airline/VERB, that takes and gives JSON.
"""

import io
import json
import re
import time

from moto.core.responses import EmptyResult
from moto.glue.exceptions import GlueClientError, CrawlerRunningException
from moto.glue.models import GlueBackend, glue_backends
from moto.glue.responses import GlueResponse
from moto.redshiftdata.models import redshiftdata_backends

import redshift

# deleting is for how many seconds after a crawler's deletion its tags are still being deleted.
deleting = {"seconds": 0}
gone = {}  # names of deleted crawlers, and when
delete, new = GlueBackend.delete_crawler, GlueBackend.create_crawler


def delete_crawler(backend, name):
    if name in backend.crawlers and backend.crawlers[name].status == "RUNNING":
        raise CrawlerRunningException(f"Crawler with name {name} is currently running")
    delete(backend, name)
    gone[name] = time.monotonic()


def create_crawler(backend, name, *args, **kwargs):
    if time.monotonic() - gone.get(name, float("-inf")) < deleting["seconds"]:
        raise GlueClientError(
            "InvalidInputException",
            "Tags created previously on a crawler of the same name are in deleting state. Please retry after some time.",
        )
    return new(backend, name, *args, **kwargs)


def update_crawler(response):
    p = response.parameters
    crawler = response.glue_backend.get_crawler(p["Name"])
    if crawler.status == "RUNNING":
        raise CrawlerRunningException("Cannot update Crawler while running. Please stop crawl or wait until it completes to update.")
    for key, value in p.items():
        field = re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()
        setattr(crawler, field, value)
    crawler.version += 1
    return EmptyResult()


def patch():
    GlueBackend.delete_crawler, GlueBackend.create_crawler = delete_crawler, create_crawler
    GlueResponse.update_crawler = update_crawler


faults = []  # requests that will be refused: how often, the action, the error


class Door:
    """Stands before the emulator's server."""

    def __init__(self, inside):
        self.inside = inside

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        path = environ.get("PATH_INFO", "")
        try:
            if path.startswith("/airline/"):
                return self.answer(start_response, "200 OK", getattr(self, path.removeprefix("/airline/"))(**json.loads(body or b"{}")))
            self.fail(environ, body)
            return self.inside(environ, start_response)
        except redshift.Refused as e:
            return self.answer(start_response, "400 Bad Request", {"__type": e.code, "message": e.message})

    @staticmethod
    def answer(start_response, status, value):
        data = json.dumps(value).encode()
        start_response(status, [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(data)))])
        return [data]

    @staticmethod
    def fail(environ, body):
        action = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        if not action and environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            found = re.search(rb"(?:^|&)Action=(\w+)", body)
            action = found.group(1).decode() if found else ""
        for fault in faults:
            if fault["action"] == action and fault["contains"].encode() in body and fault["times"] > 0:
                fault["times"] -= 1
                raise redshift.Refused(fault["code"], fault["message"])

    # The verbs.

    def fault(self, action, code, message, times=1, contains=""):
        """The next requests for an action are refused."""
        faults.append({"action": action, "code": code, "message": message, "times": times, "contains": contains})
        return {}

    def expire(self):
        """The Data API forgets every statement that it has finished."""
        for regions in redshiftdata_backends.values():
            for backend in regions.values():
                redshift.expired.update(backend.statements)
        return {"expired": len(redshift.expired)}

    def parameter(self, key, value):
        """AWS adds a parameter to every workgroup, also to those to come."""
        redshift.PARAMETERS[key] = value
        for workgroup in redshift.warehouses.serverless.items["Workgroup"].values():
            workgroup["configParameters"] = redshift.parameters(
                {c["parameterKey"]: c["parameterValue"] for c in workgroup["configParameters"]} | {key: value})
        return {}

    def databases(self):
        """What is in the databases, of those that are gone, too."""
        return [d.shown() for d in redshift.warehouses.databases.values()]

    def snapshots(self):
        """Names of the snapshots of namespaces."""
        return sorted(redshift.warehouses.serverless.snapshots)

    def deleting(self, seconds):
        """For so long a deleted crawler's tags are in deletion."""
        deleting["seconds"] = seconds
        return {}

    def crawled(self):
        """Every crawl comes to its end."""
        for regions in glue_backends.values():
            for backend in regions.values():
                for crawler in backend.crawlers.values():
                    for crawl in crawler.crawls:
                        crawl.status = "COMPLETED"
        return {}
