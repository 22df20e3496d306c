"""Where objects are: S3, or directories that stand for it."""

import os
import shutil


class Unreadable(Exception):
    """An object of which its store says that it is not there, or not for this job."""


class S3:
    MARKERS = ("/", "_$folder$")  # how the keys of directories end that Hadoop's S3A and EMRFS make

    def __init__(self):
        import boto3  # Glue has it; local runs need none

        self.client = boto3.client("s3")

    @staticmethod
    def place(url):
        bucket, _, key = url[len("s3://"):].partition("/")
        return bucket, key

    def read(self, url):
        bucket, key = self.place(url)
        return self.client.get_object(Bucket=bucket, Key=key)["Body"].read()

    def write(self, url, body):
        bucket, key = self.place(url)
        self.client.put_object(Bucket=bucket, Key=key, Body=body)

    def list(self, url):
        """The objects under a prefix: (key below the prefix, whole key, time of the last change)."""
        _, prefix = self.place(url)
        for item in self.items(url):
            if not item["Key"].endswith(self.MARKERS):
                yield item["Key"][len(prefix):], item["Key"], item["LastModified"].timestamp()

    def items(self, url):
        bucket, prefix = self.place(url)
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", [])

    def open(self, bucket, key, version):
        """The object's bytes and how many there are."""
        extra = {"VersionId": version} if version else {}
        try:
            found = self.client.get_object(Bucket=bucket, Key=key, **extra)
        except self.client.exceptions.ClientError as error:
            raise self.unreadable(error) from None
        return found["Body"], found["ContentLength"]

    @staticmethod
    def unreadable(error):
        """What S3 answers about the object itself, as no such key or no access; what may pass is an error of the run."""
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Unreadable(str(error)) if 400 <= status < 500 and status != 429 else error

    def copy(self, bucket, key, version, url):
        """Copies one version, inside S3, under a name that is ours: Spark cannot name a version."""
        to_bucket, to_key = self.place(url)
        source = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        plain = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}  # tags would need a further permission
        try:
            self.client.copy(source, to_bucket, to_key, ExtraArgs=plain)
        except self.client.exceptions.ClientError as error:
            raise self.unreadable(error) from None

    def fetch(self, bucket, key, version, path):
        """Brings one version onto this machine."""
        try:
            self.client.download_file(bucket, key, path, ExtraArgs={"VersionId": version} if version else None)
        except self.client.exceptions.ClientError as error:
            raise self.unreadable(error) from None

    def put(self, path, url):
        """Writes a file of this machine."""
        with open(path, "rb") as file:
            self.write(url, file)

    def remove(self, url):
        """Removes all that is under a prefix."""
        self.delete(url, "")

    def remove_markers(self, url):
        """Removes what Hadoop leaves where it made a directory: empty objects, which COPY would take for Parquet."""
        self.delete(url, self.MARKERS)

    def remove_but(self, url, but):
        """Removes all that is under a prefix, except for one object."""
        self.delete(url, "", self.place(but)[1])

    def delete(self, url, endings, but=None):
        bucket, _ = self.place(url)
        for item in self.items(url):
            if item["Key"].endswith(endings) and item["Key"] != but:
                self.client.delete_object(Bucket=bucket, Key=item["Key"])


class Files:
    """A bucket is file:///directory; keys are paths below it, and there is one version of each."""

    @staticmethod
    def path(url):
        return url[len("file://"):]

    def read(self, url):
        with open(self.path(url), "rb") as file:
            return file.read()

    def write(self, url, body):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        with open(self.path(url), "wb") as file:
            file.write(body)

    @staticmethod
    def place(url):
        parent, name = os.path.split(url.rstrip("/"))
        return parent, name + "/"

    def list(self, url):
        root, (_, prefix) = self.path(url), self.place(url)
        for directory, _, names in os.walk(root):
            for name in names:
                path = os.path.join(directory, name)
                if not name.endswith(".crc"):  # Hadoop's own, beside its files
                    below = os.path.relpath(path, root)
                    yield below, prefix + below, os.stat(path).st_mtime

    def open(self, bucket, key, version):
        path = os.path.join(self.path(bucket), key)
        try:
            return open(path, "rb"), os.path.getsize(path)
        except OSError as error:
            raise Unreadable(str(error)) from None

    def copy(self, bucket, key, version, url):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        shutil.copyfile(os.path.join(self.path(bucket), key), self.path(url))

    def fetch(self, bucket, key, version, path):
        try:
            shutil.copyfile(os.path.join(self.path(bucket), key), path)
        except OSError as error:
            raise Unreadable(str(error)) from None

    def put(self, path, url):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        shutil.copyfile(path, self.path(url))

    def remove(self, url):
        shutil.rmtree(self.path(url), ignore_errors=True)

    def remove_but(self, url, but):
        for directory, _, names in os.walk(self.path(url)):
            for path in (os.path.join(directory, name) for name in names):
                if path != self.path(but):
                    os.remove(path)

    def remove_markers(self, url):
        pass  # a directory is one
