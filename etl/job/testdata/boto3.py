"""A bucket in memory in place of S3: what the job asks of boto3 and no more."""

import io
from datetime import datetime, timezone

objects = {}  # (bucket, key, version): bytes; the version is None for the newest
PAGE = 2  # keys in a page of a listing, so that there are several


def client(service):
    assert service == "s3"
    return Client()


class ClientError(Exception):
    def __init__(self, key):
        super().__init__(f"An error occurred (NoSuchKey): {key}")
        self.response = {"Error": {"Code": "NoSuchKey"}, "ResponseMetadata": {"HTTPStatusCode": 404}}


class exceptions:
    ClientError = ClientError


class Client:
    exceptions = exceptions

    def put_object(self, Bucket, Key, Body):
        objects[Bucket, Key, None] = Body if isinstance(Body, bytes) else Body.read()

    def get_object(self, Bucket, Key, VersionId=None):
        if (Bucket, Key, VersionId) not in objects:
            raise ClientError(Key)
        body = objects[Bucket, Key, VersionId]
        return {"Body": io.BytesIO(body), "ContentLength": len(body)}

    def download_file(self, bucket, key, path, ExtraArgs=None):
        with open(path, "wb") as file:
            file.write(self.get_object(bucket, key, **(ExtraArgs or {}))["Body"].read())

    def copy(self, source, bucket, key, ExtraArgs):
        assert ExtraArgs == {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
        objects[bucket, key, None] = self.get_object(**source)["Body"].read()

    def delete_object(self, Bucket, Key):
        del objects[Bucket, Key, None]

    def get_paginator(self, operation):
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket, Prefix):
        keys = sorted(key for bucket, key, version in objects if bucket == Bucket and key.startswith(Prefix) and version is None)
        for i in range(0, max(len(keys), 1), PAGE):
            page = [{"Key": key, "LastModified": datetime(2008, 5, 1, tzinfo=timezone.utc)} for key in keys[i:i + PAGE]]
            yield {"Contents": page} if page else {}
